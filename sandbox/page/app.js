// Starts the page: one phone for each person, the tabs to choose one, and the stream of news.

import { act, listen } from "./net.js";
import { Phone } from "./phone.js";
import { Tools } from "./tools.js";

const $ = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const phones = new Map();
let menu = [];
let chosen = Number(asked.get("person")) || null;
let quiet;

document.body.classList.toggle("solo", asked.has("solo"));
document.body.classList.toggle("with-lock", asked.has("lock"));

function tell(words) {
  $("toast").textContent = words;
  clearTimeout(quiet);
  quiet = setTimeout(() => $("toast").replaceChildren(), 6000);
}

function add(person) {
  const phone = new Phone(person, tell);
  phone.menu(menu);
  phone.tick(tools.now());
  phone.find(".lock").open = asked.has("lock") || matchMedia("(min-width: 45rem)").matches;
  phones.set(person.chat_id, phone);
  $("phones").append(phone.element);
  const tab = document.createElement("button");
  tab.type = "button";
  tab.className = "chip";
  tab.textContent = person.name;
  tab.addEventListener("click", () => {
    choose(person.chat_id);
    phone.box.focus();
  });
  const place = document.createElement("li");
  place.append(tab);
  $("tabs").append(place);
  phone.tab = tab;
  phone.show(null);
}

function choose(chat) {
  chosen = phones.has(chat) ? chat : phones.keys().next().value;
  for (const [one, phone] of phones) {
    phone.element.classList.toggle("chosen", one === chosen);
    if (one === chosen) phone.tab.setAttribute("aria-current", "true");
    else phone.tab.removeAttribute("aria-current");
  }
  view(false);
  const phone = phones.get(chosen);
  phone?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  phone?.show(null);
}

function view(tools) {
  document.body.classList.toggle("at-tools", tools);
  $("tools-tab").setAttribute("aria-pressed", String(tools));
}

const tools = new Tools(
  tell,
  (chat) => phones.get(chat)?.name,
  (now) => phones.forEach((phone) => phone.tick(now)),
);

const hear = {
  everything(news) {
    phones.clear();
    $("phones").replaceChildren();
    $("tabs").replaceChildren();
    menu = news.menu;
    tools.clock(news.clock);
    news.people.forEach(add);
    choose(chosen);
    tools.faults(news);
    tools.calls(news.calls);
    document.body.dataset.ready = "yes";
  },
  person(news) {
    if (phones.has(news.chat_id)) phones.get(news.chat_id).know(news);
    else {
      add(news);
      choose(news.chat_id);
    }
  },
  message: (news) => phones.get(news.chat_id)?.hear(news),
  press: (news) => phones.get(news.chat_id)?.pressed(news),
  call: (news) => tools.call(news),
  clock: (news) => tools.clock(news),
  faults: (news) => tools.faults(news),
  menu(news) {
    menu = news.menu;
    phones.forEach((phone) => phone.menu(menu));
  },
};

listen(hear, (connected) => {
  $("line").textContent = connected ? "" : "Sin conexión: ¿se detuvo la prueba?";
  document.body.classList.toggle("cut", !connected);
});

// --- the frame around the phones ---------------------------------------------------------------

$("tools-tab").addEventListener("click", () => view(!document.body.classList.contains("at-tools")));

const dialog = $("new-person");
$("add").addEventListener("click", () => dialog.showModal());
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = $("new-name").value.trim();
  if (!name) return;
  dialog.close();
  event.target.reset();
  try {
    const person = await act("/_people", { name });
    requestAnimationFrame(() => phones.get(person.chat_id)?.box.focus());
  } catch (error) {
    tell("No se pudo añadir.");
  }
});

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.menu[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

const dark = matchMedia("(prefers-color-scheme: dark)");
function look() {
  const now = document.documentElement.dataset.look ?? (dark.matches ? "dark" : "light");
  $("theme").setAttribute("aria-pressed", String(now === "dark"));
  return now;
}
$("theme").addEventListener("click", () => {
  const next = look() === "dark" ? "light" : "dark";
  document.documentElement.dataset.look = next;
  localStorage.setItem("faro-look", next);
  look();
});
dark.addEventListener("change", look);
look();
