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

const frame = new Frame(asked, looked);
const tell = (words) => frame.tell(words);
const family = new Family(() => frame.show("family"));
const desk = new Pane(document.getElementById("desk"), "Mesa", tell);
const tools = new Tools(
  tell,
  (chat) => phones.get(chat)?.name ?? groups.get(chat)?.title,
  (now) => phones.forEach((phone) => phone.tick(now)),
);

/** Whether somebody sits at the desk: she is in a group, or was. */
const sits = (chat) => [...groups.values()].some((group) => group.knows(chat));

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
  const seated = new Map();
  for (const [chat, phone] of phones) {
    if (sits(chat)) {
      if (family.has(chat)) family.remove(chat);
      seated.set(chat, phone);
    } else if (!family.has(chat)) {
      family.add(phone);
      phone.show(null);
    }
  }
  frame.groups(groups);
  if (groups.size) desk.know(seated, groups, menus.menus);
}

function choose(chat) {
  if (sits(chat)) {
    desk.choose(chat);
    frame.show("desk");
  } else {
    family.choose(chat);
    frame.show("family");
  }
}

/** The person looks elsewhere on the page, or comes back to it. */
function looked() {
  family.mark();
  if (groups.size) desk.look();
}

const hear = {
  everything(news) {
    phones.clear();
    groups.clear();
    const { chosen } = family;
    family.clear();
    desk.clear();
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
      if (!groups.size) choose(news.chat_id);
    }
  },
  group(news) {
    if (news.gone) groups.delete(news.chat_id);
    else if (groups.has(news.chat_id)) groups.get(news.chat_id).know(news);
    else groups.set(news.chat_id, new Group(news));
    arrange();
  },
  message(news) {
    const phone = phones.get(news.chat_id);
    if (phone) {
      phone.hear(news);
      if (news.kind === "sent") phone.fresh += 1;
      family.mark();
    } else groups.get(news.chat_id)?.hear(news);
    if (groups.size) {
      desk.hear(news);
      if (phone) desk.look();
    }
  },
  press(news) {
    phones.get(news.chat_id)?.rest(news.message_id);
    desk.rest(news);
    // What somebody pressed on another page is answered there.
    if (!groups.size || [desk.person, family.chosen].includes(news.by)) frame.answer(news);
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
  if (!sits(person)) return;
  choose(person);
  const [group] = desk.groupsOf(person);
  if (asked.has("alone")) desk.open("alone", true);
  else if (asked.has("topic")) desk.open(`${group.chat_id}/${asked.get("topic")}`, true);
}

frame.onPerson((chat) => {
  choose(chat);
  requestAnimationFrame(() => phones.get(chat)?.box.focus());
});
listen(hear, (connected) => frame.connected(connected));
