// Starts the page: who is in which column, and the stream of news that keeps everything live.

import { Family } from "./family.js";
import { Frame } from "./frame.js";
import { Group } from "./groups.js";
import { listen } from "./net.js";
import { Pane } from "./pane.js";
import { Phone } from "./phone.js";
import { Tools } from "./tools.js";

const asked = new URLSearchParams(location.search);
const phones = new Map();
const groups = new Map();
let menus = { menu: [], menus: {} };
let newcomer = null;

const frame = new Frame(asked, looked);
const tell = (words) => frame.tell(words);
const family = new Family(() => frame.show("family"));
const desk = new Pane(document.getElementById("desk"), "Mesa", "en la mesa", tell);
const organisers = new Pane(
  document.getElementById("organisers"), "Organización", "en la organización", tell,
);
const panes = [desk, organisers];
const tools = new Tools(
  tell,
  (chat) => phones.get(chat)?.name ?? groups.get(chat)?.title,
  (now) => phones.forEach((phone) => phone.tick(now)),
);

/** The column other than the family's that somebody sits in: that of organisers, or the desk for
 *  whoever is in a group, or was; null for a family. */
function seat(chat) {
  if (phones.get(chat)?.organiser) return organisers;
  return [...groups.values()].some((group) => group.knows(chat)) ? desk : null;
}

function add(person) {
  const phone = new Phone(person, tell);
  phone.menu(menus.menus[person.chat_id] ?? menus.menu);
  phone.tick(tools.now());
  phone.find(".lock").open = asked.has("lock") || matchMedia("(min-width: 45rem)").matches;
  phone.fresh = 0;
  phones.set(person.chat_id, phone);
}

/** Put everybody in their column. */
function arrange() {
  const seated = new Map(panes.map((pane) => [pane, new Map()]));
  for (const [chat, phone] of phones) {
    const pane = seat(chat);
    if (pane) {
      if (family.has(chat)) family.remove(chat);
      seated.get(pane).set(chat, phone);
    } else if (!family.has(chat)) {
      family.add(phone);
      phone.show(null);
    }
  }
  const there = seated.get(organisers);
  const theirs = [...groups].filter(([, group]) => [...there.keys()].some((chat) => group.knows(chat)));
  frame.columns(groups, there.size > 0);
  if (groups.size) desk.know(seated.get(desk), groups, menus.menus);
  if (there.size) organisers.know(there, new Map(theirs), menus.menus);
}

/** The columns that are shown beside the family's. */
function shown() {
  return panes.filter((pane) => pane.phones?.size);
}

/** The name of somebody's column. */
function column(chat) {
  const pane = seat(chat);
  return pane ? (pane === desk ? "desk" : "organisers") : "family";
}

function choose(chat) {
  (seat(chat) ?? family).choose(chat);
  frame.show(column(chat));
}

/** Go to whoever was made on this page, once the news of her and of where she is have come. */
function welcome() {
  if (!newcomer || !phones.has(newcomer.chat) || column(newcomer.chat) !== newcomer.where) return;
  const { chat } = newcomer;
  newcomer = null;
  choose(chat);
  requestAnimationFrame(() => phones.get(chat)?.box.focus());
}

/** The person looks elsewhere on the page, or comes back to it. */
function looked() {
  family.mark();
  for (const pane of shown()) pane.look();
}

const hear = {
  everything(news) {
    phones.clear();
    groups.clear();
    const { chosen } = family;
    family.clear();
    for (const pane of panes) pane.clear();
    menus = news;
    tools.clock(news.clock);
    for (const group of news.groups) groups.set(group.chat_id, new Group(group));
    news.people.forEach(add);
    arrange();
    family.choose(chosen ?? (Number(asked.get("person")) || null));
    if (chosen === null || chosen === undefined) open();
    tools.faults(news);
    tools.calls(news.calls);
    document.body.dataset.ready = "yes";
  },
  person(news) {
    if (phones.has(news.chat_id)) phones.get(news.chat_id).know(news);
    else {
      add(news);
      arrange();
      if (!shown().length) choose(news.chat_id);
      welcome();
    }
  },
  group(news) {
    if (news.gone) groups.delete(news.chat_id);
    else if (groups.has(news.chat_id)) groups.get(news.chat_id).know(news);
    else groups.set(news.chat_id, new Group(news));
    arrange();
    welcome();
  },
  message(news) {
    const phone = phones.get(news.chat_id);
    if (phone) {
      phone.hear(news);
      if (news.kind === "sent") phone.fresh += 1;
      family.mark();
    } else groups.get(news.chat_id)?.hear(news);
    for (const pane of shown()) {
      pane.hear(news);
      if (phone) pane.look();
    }
  },
  press(news) {
    phones.get(news.chat_id)?.rest(news.message_id);
    for (const pane of panes) pane.rest(news);
    // What somebody pressed on another page is answered there.
    const here = [family.chosen, ...shown().map((pane) => pane.person)];
    if (here.length === 1 || here.includes(news.by)) frame.answer(news);
  },
  call: (news) => tools.call(news),
  clock: (news) => tools.clock(news),
  faults: (news) => tools.faults(news),
  menu(news) {
    menus = news;
    for (const [chat, phone] of phones) phone.menu(menus.menus[chat] ?? menus.menu);
    arrange();
  },
};

/** Open what the address asks for: ?person=ID, and of somebody at the desk &topic=ID or &alone. */
function open() {
  const person = Number(asked.get("person"));
  const pane = seat(person);
  if (!pane) return;
  choose(person);
  if (pane !== desk) return;
  const [group] = desk.groupsOf(person);
  if (asked.has("alone")) desk.open("alone", true);
  else if (asked.has("topic")) desk.open(`${group.chat_id}/${asked.get("topic")}`, true);
}

frame.onPerson((chat, where) => {
  newcomer = { chat, where };
  welcome();
});
listen(hear, (connected) => frame.connected(connected));
