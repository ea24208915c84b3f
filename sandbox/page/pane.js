// A column that shows one person and one of her conversations, and lets one choose both.
//
// It knows nothing of desks: whoever is put in it can be chosen, with what she has.

import { ALONE, Chats, keyOf } from "./chats.js";
import { GENERAL } from "./groups.js";
import { Room } from "./room.js";

const template = document.getElementById("pane");

export class Pane {
  /** `name` is the column's, `there` the same as in "who are you there". */
  constructor(place, name, there, tell) {
    this.element = template.content.firstElementChild.cloneNode(true);
    place.append(this.element);
    this.find("h2").textContent = name;
    this.element.setAttribute("aria-label", name);
    this.find(".cast").setAttribute("aria-label", `Quién es usted ${there}`);
    this.find(".chats").setAttribute("aria-label", `Conversaciones ${there}`);
    this.tell = tell;
    this.tabs = new Map();
    this.rooms = new Map();
    this.chats = new Chats(this.find(".chats ul"), (key) => this.open(key, true));
    this.find(".back").addEventListener("click", () => this.back());
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  clear() {
    this.tabs.clear();
    this.rooms.clear();
    this.find(".cast ul").replaceChildren();
    this.find(".stage").replaceChildren();
  }

  /** Know who can be chosen (phones by chat id) and every group; choose again if need be. */
  know(phones, groups, menus) {
    this.phones = phones;
    this.groups = groups;
    for (const id of this.rooms.keys()) if (!groups.has(id)) this.rooms.delete(id);
    for (const [chat, phone] of phones) if (!this.tabs.has(chat)) this.tab(chat, phone);
    for (const group of groups.values()) {
      if (!this.rooms.has(group.chat_id)) this.rooms.set(group.chat_id, new Room(group, this.tell));
      this.rooms.get(group.chat_id).menu(menus[group.chat_id] ?? []);
    }
    if (!phones.has(this.person)) this.person = phones.keys().next().value;
    if (this.person === undefined) return;
    if (!this.hers(this.key)) this.key = this.first();
    if (this.shown !== `${this.person}/${this.key}`) this.open(this.key);
    else this.refresh();
  }

  tab(chat, phone) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "chip";
    const name = document.createElement("span");
    name.textContent = phone.name;
    const badge = document.createElement("b");
    badge.className = "badge";
    tab.append(name, badge);
    tab.addEventListener("click", () => this.choose(chat));
    const place = document.createElement("li");
    place.append(tab);
    this.find(".cast ul").append(place);
    this.tabs.set(chat, tab);
  }

  groupsOf(person) {
    return [...this.groups.values()].filter((group) => group.knows(person));
  }

  /** The key of a conversation as a group and a topic; null when it is hers no more. */
  hers(key) {
    if (key === ALONE) return {};
    for (const group of this.groupsOf(this.person)) {
      for (const topic of group.topics) {
        if (keyOf(group, topic.thread_id) === key) return { group, topic: topic.thread_id };
      }
    }
    return null;
  }

  first() {
    const [group] = this.groupsOf(this.person);
    return group ? keyOf(group, GENERAL) : ALONE;
  }

  choose(person) {
    this.person = person;
    this.open(this.hers(this.key) ? this.key : this.first());
  }

  /** Open a conversation of the chosen person; `deep`: also where the list takes the whole width. */
  open(key, deep = false) {
    const { group, topic } = this.hers(key);
    const phone = this.phones.get(this.person);
    this.key = key;
    this.shown = `${this.person}/${key}`;
    if (deep) this.element.classList.add("deep");
    this.talk = group ? this.rooms.get(group.chat_id) : phone;
    this.element.classList.toggle("single", !this.groupsOf(this.person).length);
    this.find(".stage").replaceChildren(this.talk.element);
    if (group) this.talk.open(this.person, phone.name, topic);
    else {
      phone.fresh = 0;
      phone.show(null);
    }
    this.unseen = !this.talk.element.checkVisibility();
    if (deep && matchMedia("(pointer: fine)").matches) this.talk.box.focus();
    this.refresh();
  }

  back() {
    this.element.classList.remove("deep");
    this.chats.items.get(this.key)?.focus();
  }

  /** Show what changed without moving anybody. */
  refresh() {
    const phone = this.phones.get(this.person);
    if (!phone) return;
    if (this.talk instanceof Room) this.talk.know();
    for (const [chat, tab] of this.tabs) {
      if (chat === this.person) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
      const unread = this.groupsOf(chat)
        .flatMap((group) => group.topics.map((topic) => group.unread(chat, topic.thread_id)))
        .reduce((sum, one) => sum + one, this.phones.get(chat)?.fresh ?? 0);
      const badge = tab.querySelector(".badge");
      badge.hidden = !unread;
      badge.textContent = unread;
      const name = this.phones.get(chat)?.name ?? "";
      tab.setAttribute("aria-label", unread ? `${name}, ${unread} sin leer` : name);
    }
    this.chats.know(phone, this.groupsOf(this.person), this.key);
  }

  hear(news) {
    this.rooms.get(news.chat_id)?.hear(news);
    this.refresh();
  }

  rest(news) {
    this.rooms.get(news.chat_id)?.rest(news.message_id);
  }

  /** Look at what came in while nobody could. */
  look() {
    if (this.talk instanceof Room) this.talk.read();
    else if (this.talk?.element.checkVisibility()) this.talk.fresh = 0;
    const unseen = !this.talk?.element.checkVisibility();
    // What nobody sees cannot be scrolled: its end is found when it comes into view.
    if (this.unseen && !unseen) this.talk.show(null);
    this.unseen = unseen;
    this.refresh();
  }
}
