// One message of a conversation: its bubble, its buttons and what can be done with it.

import { copy } from "./clipboard.js";
import { formatted, outside } from "./formatted.js";
import { ATTACHED, hour, serviceLine } from "./words.js";

const template = document.getElementById("message");
const COPIED = 2000;
const HUES = 6;

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A picture, which opens alone when it is chosen; what it shows is in the words under it. */
function picture(given) {
  const link = outside(`/_pictures/${given.file_id}`);
  const image = document.createElement("img");
  Object.assign(image, { src: link.href, width: given.width, height: given.height, className: "picture" });
  image.alt = "Imagen: ver en grande";
  link.append(image);
  return link;
}

/** A message's element. `update` changes in place only what differs, so that focus can stay. */
export class Message {
  constructor(talk, shown) {
    this.talk = talk;
    this.own = talk.owns(shown);
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.classList.add(this.own ? "own" : "theirs");
    this.find(".who").textContent = this.own ? "Usted dijo: " : `${shown.name ?? "Faro"} dice: `;
    const from = this.find(".from");
    from.hidden = this.own || !shown.name;
    from.textContent = shown.name ?? "";
    from.classList.add(shown.mine ? "bot" : `hue-${shown.author % HUES}`);
    this.listen(shown);
    this.update(shown);
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  listen(shown) {
    const { talk } = this;
    if (!this.own || shown.kind !== "text") this.find(".edit").remove();
    if (talk.shared) this.find(".drop").remove();
    if (!talk.mayDrop(this)) this.find(".drop-both").remove();
    else if (talk.shared) this.find(".drop-both").textContent = "Borrar";
    this.find(".answer").addEventListener("click", () => talk.answer(this));
    this.find(".edit")?.addEventListener("click", () => talk.edit(this));
    this.find(".drop")?.addEventListener("click", () => talk.drop(this, false));
    this.find(".drop-both")?.addEventListener("click", () => talk.drop(this, true));
    const bubble = this.find(".bubble");
    const aside = (event) => event.target.closest("a, button") || !getSelection().isCollapsed;
    bubble.addEventListener("click", (event) => {
      // After this click is over: it would close every open menu, this one too.
      if (!aside(event) && event.detail < 2) requestAnimationFrame(() => (this.find(".more").open = true));
    });
    bubble.addEventListener("dblclick", (event) => {
      if (event.target.closest("a, button")) return;
      requestAnimationFrame(() => (this.find(".more").open = false));
      talk.answer(this);
    });
  }

  update(shown) {
    const before = this.shown;
    this.shown = shown;
    const words = JSON.stringify([shown.text, shown.entities, shown.reply_to]);
    if (words !== this.words) {
      this.words = words;
      this.find(".text").replaceChildren(...this.quote(shown.reply_to), ...this.content(shown));
    }
    if (JSON.stringify(shown.buttons) !== JSON.stringify(before?.buttons ?? [])) {
      this.find(".buttons").replaceChildren(...shown.buttons.map((row) => this.row(row)));
    }
    this.rest();
    this.find(".edited").hidden = !shown.edit_date || shown.mine;
    const reaction = this.find(".reaction");
    reaction.hidden = !shown.reaction;
    reaction.textContent = shown.reaction ?? "";
    reaction.setAttribute("aria-label", `Faro reaccionó con ${shown.reaction}`);
    const time = this.find("time");
    time.dateTime = shown.date;
    time.textContent = hour(new Date(shown.date));
  }

  /** The buttons can be pressed again. */
  rest() {
    for (const button of this.element.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }

  /** What it says in few words, for where it is quoted. */
  brief() {
    return this.shown.text || ATTACHED[this.shown.kind]?.[1] || "";
  }

  quote(original) {
    if (!original) return [];
    const box = document.createElement("button");
    box.type = "button";
    box.className = "quote";
    const name = document.createElement("b");
    name.textContent = this.talk.messages.get(original.message_id)?.own ? "Usted" : original.name;
    const words = document.createElement("span");
    words.textContent = original.text || ATTACHED[original.kind]?.[1] || "";
    box.append(name, words);
    box.setAttribute("aria-label", `Responde a ${name.textContent}: ${words.textContent}. Ir a ese mensaje`);
    box.addEventListener("click", () => this.talk.goTo(original.message_id));
    return [box];
  }

  content(shown) {
    const say = (words) => this.talk.say(words);
    if (shown.kind === "text") return formatted(shown.text, shown.entities, say);
    if (shown.picture) return [picture(shown.picture), ...formatted(shown.text, shown.entities, say)];
    const [sign, name] = ATTACHED[shown.kind];
    const box = document.createElement("span");
    box.className = `attached ${shown.kind}`;
    if (shown.emoji) box.append(shown.emoji);
    else box.append(icon(sign));
    const label = document.createElement("span");
    label.textContent = shown.file_name || name;
    box.append(label);
    return [box, ...formatted(shown.text, shown.entities, say)];
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
    if (given.copy_text !== undefined) button.classList.add("copies");
    button.addEventListener("click", () => {
      if (given.copy_text !== undefined) this.copy(button, given);
      else if (!button.hasAttribute("aria-busy")) {
        button.setAttribute("aria-busy", "true");
        this.talk.press(this, given.data);
      }
    });
    return button;
  }

  async copy(button, given) {
    const { text } = given.copy_text;
    if (!(await copy(text))) return this.talk.tell(`No se pudo copiar. Anótelo: ${text}`);
    this.talk.tell(`Copiado: ${text}`);
    button.textContent = "Copiado";
    button.classList.add("done");
    setTimeout(() => {
      button.textContent = given.text;
      button.classList.remove("done");
    }, COPIED);
  }
}

/** What nobody said: somebody came, a topic was closed. */
export class Notice {
  constructor(shown) {
    this.element = document.createElement("p");
    this.element.className = "day service";
    this.update(shown);
  }

  update(shown) {
    this.shown = shown;
    this.element.textContent = serviceLine(shown);
  }

  rest() {}
}
