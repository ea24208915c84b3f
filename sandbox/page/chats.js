// The list of the conversations somebody has: alone with Faro, and the topics of her groups.

import { icon } from "./message.js";
import { ATTACHED, serviceLine, shortHour } from "./words.js";

const template = document.getElementById("chat-item");
export const ALONE = "alone";
export const keyOf = (group, topic) => `${group.chat_id}/${topic}`;

export class Chats {
  /** `open` is called with the key of what is chosen. */
  constructor(element, open) {
    this.element = element;
    this.open = open;
    this.items = new Map();
  }

  /** Show what somebody has; `current` is the key of the open one. */
  know(phone, groups, current) {
    const wanted = [[ALONE, (item) => this.alone(item, phone)]];
    for (const group of groups) {
      for (const topic of group.ordered()) {
        wanted.push([keyOf(group, topic.thread_id), (item) => this.topic(item, phone.person, group, topic)]);
      }
    }
    for (const [key, item] of this.items) {
      if (!wanted.some(([one]) => one === key)) item.remove();
    }
    const before = this.items;
    this.items = new Map(wanted.map(([key]) => [key, before.get(key) ?? this.item(key)]));
    for (const [key, fill] of wanted) {
      const item = this.items.get(key);
      fill(item);
      if (key === current) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    this.order();
  }

  /** Put the items in order without moving the one that has focus more than needed. */
  order() {
    const order = [...this.items.values()];
    if (order.every((item, at) => this.element.children[at]?.firstElementChild === item)) return;
    const held = document.activeElement;
    this.element.replaceChildren(
      ...order.map((item) => {
        const place = document.createElement("li");
        place.append(item);
        return place;
      }),
    );
    if (order.includes(held)) held.focus();
  }

  item(key) {
    const item = template.content.firstElementChild.cloneNode(true);
    item.addEventListener("click", () => this.open(key));
    return item;
  }

  alone(item, phone) {
    const last = [...phone.messages.values()].at(-1);
    this.fill(item, "Faro, a solas", last?.shown, last?.own ? "Usted: " : "", phone.fresh);
    if (item.querySelector("img")) return;
    const face = document.createElement("img");
    face.src = "/page/icon.svg";
    face.alt = "";
    item.querySelector(".mark").replaceChildren(face);
  }

  topic(item, person, group, topic) {
    const last = group.last(topic.thread_id);
    const by = !last || last.service ? "" : last.author === person ? "Usted: " : `${last.name}: `;
    this.fill(item, topic.name, last, by, group.unread(person, topic.thread_id));
    const face = item.querySelector(".mark");
    if (topic.thread_id === 1) face.replaceChildren(icon("hash"));
    else face.textContent = [...topic.name][0];
    face.className = `mark color-${topic.color.toString(16)}`;
    item.classList.toggle("closed", topic.closed);
    item.querySelector(".shut").hidden = !topic.closed;
  }

  fill(item, name, last, by, unread) {
    item.querySelector(".title").textContent = name;
    const words = !last ? "" : last.service ? serviceLine(last) : last.text || ATTACHED[last.kind]?.[1] || "";
    item.querySelector(".last").textContent = `${by}${words.split("\n")[0]}`;
    item.querySelector("time").textContent = last ? shortHour(new Date(last.date)) : "";
    const badge = item.querySelector(".badge");
    badge.hidden = !unread;
    badge.querySelector("b").textContent = unread;
  }
}
