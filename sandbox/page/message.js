// One message on a phone: its bubble, its buttons and what can be done with it.

import { ATTACHED, hour } from "./words.js";

const template = document.getElementById("message");
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "code", blockquote: "q" };

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A message's element. `update` changes in place only what differs, so that focus can stay. */
export class Message {
  constructor(phone, shown) {
    this.phone = phone;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.classList.add(shown.mine ? "theirs" : "own");
    this.find(".who").textContent = shown.mine ? "Faro dice: " : "Usted dijo: ";
    if (shown.mine || shown.kind !== "text") this.find(".edit").remove();
    this.find(".edit")?.addEventListener("click", () => phone.edit(this));
    this.find(".drop").addEventListener("click", () => phone.drop(this, false));
    this.find(".drop-both").addEventListener("click", () => phone.drop(this, true));
    this.update(shown);
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  update(shown) {
    const before = this.shown;
    this.shown = shown;
    const words = JSON.stringify([shown.text, shown.entities]);
    if (words !== this.words) {
      this.words = words;
      this.find(".text").replaceChildren(...this.content(shown));
    }
    if (JSON.stringify(shown.buttons) !== JSON.stringify(before?.buttons ?? [])) {
      this.find(".buttons").replaceChildren(...shown.buttons.map((row) => this.row(row)));
    }
    this.rest();
    this.find(".edited").hidden = !shown.edit_date || shown.mine;
    const time = this.find("time");
    time.dateTime = shown.date;
    time.textContent = hour(new Date(shown.date));
  }

  /** The buttons can be pressed again. */
  rest() {
    for (const button of this.element.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }

  content(shown) {
    if (shown.kind === "text") return formatted(shown.text, shown.entities, this.phone);
    const [picture, name] = ATTACHED[shown.kind];
    const box = document.createElement("span");
    box.className = `attached ${shown.kind}`;
    if (shown.emoji) box.append(shown.emoji);
    else box.append(icon(picture));
    const label = document.createElement("span");
    label.textContent = name;
    box.append(label);
    return [box, ...formatted(shown.text, [], this.phone)];
  }

  row(buttons) {
    const row = document.createElement("div");
    row.className = "row";
    row.append(...buttons.map((button) => this.button(button)));
    return row;
  }

  button(given) {
    if (given.url !== undefined) {
      const link = outside(given.url);
      link.textContent = given.text;
      return link;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = given.text;
    button.addEventListener("click", () => {
      if (given.copy_text !== undefined) {
        navigator.clipboard?.writeText(given.copy_text);
      } else if (!button.hasAttribute("aria-busy")) {
        button.setAttribute("aria-busy", "true");
        this.phone.press(this, given.data);
      }
    });
    return button;
  }
}

function outside(url) {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

/** Turn a text and its entities (offsets in UTF-16 units, as in JavaScript) into nodes. */
function formatted(text, entities, phone) {
  const inside = (from, to, list) => {
    const nodes = [];
    let at = from;
    while (list.length) {
      const [first, ...others] = list;
      const end = first.offset + first.length;
      nodes.push(text.slice(at, first.offset));
      const nested = others.filter((one) => one.offset < end);
      list = others.filter((one) => one.offset >= end);
      nodes.push(element(first, inside(first.offset, end, nested), text.slice(first.offset, end), phone));
      at = end;
    }
    nodes.push(text.slice(at, to));
    return nodes.filter((node) => node !== "");
  };
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return inside(0, text.length, sorted);
}

function element(entity, nodes, words, phone) {
  let made;
  if (entity.type === "text_link") made = outside(entity.url);
  else if (entity.type === "url") made = outside(/^https?:/.test(words) ? words : `https://${words}`);
  else if (entity.type === "bot_command") {
    made = document.createElement("button");
    made.type = "button";
    made.className = "command";
    made.addEventListener("click", () => phone.say(words));
  } else made = document.createElement(TAGS[entity.type] ?? "span");
  made.append(...nodes);
  return made;
}
