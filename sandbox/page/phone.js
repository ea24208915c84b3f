// One phone: what is on its screens, and what its owner can do.

import { act } from "./net.js";
import { Message } from "./message.js";
import { dayName, hour } from "./words.js";

const template = document.getElementById("phone");

export class Phone {
  constructor(person, tell) {
    this.tell = tell;
    this.path = `/_people/${person.chat_id}`;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.id = `phone-${person.chat_id}`;
    this.log = this.find(".log");
    this.box = this.find("textarea");
    this.messages = new Map();
    this.days = new Map();
    this.editing = null;
    this.name = person.name;
    this.find(".hint .name").textContent = person.name;
    this.element.setAttribute("aria-label", `Teléfono de ${person.name}`);
    this.log.setAttribute("aria-label", `Conversación de ${person.name} con Faro`);
    this.box.setAttribute("aria-label", `Mensaje de ${person.name}`);
    this.listen();
    this.know(person);
    for (const message of person.messages ?? []) this.put(message);
    this.settle();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  listen() {
    const on = (selector, event, deed) => this.find(selector).addEventListener(event, deed);
    on(".write", "submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      } else if (event.key === "Escape" && this.editing) this.edit(null);
    });
    this.box.addEventListener("input", () => this.grow());
    on(".begin", "click", () => this.say("/start"));
    on(".block", "click", () => this.do("block"));
    on(".unblock", "click", () => this.do("unblock"));
    on(".editing button", "click", () => this.edit(null));
    for (const button of this.element.querySelectorAll("[data-deed]")) {
      button.addEventListener("click", () => this.do(button.dataset.deed));
    }
    // A menu closes when something in it is chosen, with Escape, and when focus goes elsewhere.
    this.element.addEventListener("click", (event) => {
      if (event.target.closest(".sheet button")) event.target.closest("details").open = false;
    });
    this.element.addEventListener(
      "toggle",
      (event) => event.target.matches(".more[open]") && event.target.lastElementChild.scrollIntoView({ block: "nearest" }),
      true,
    );
    this.element.addEventListener("keydown", (event) => {
      const menu = event.target.closest("details.menu[open]");
      if (event.key === "Escape" && menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }

  // --- what the owner does ---------------------------------------------------------------------

  async do(deed, body = {}) {
    try {
      return await act(`${this.path}/${deed}`, body);
    } catch (error) {
      this.tell("No se pudo: ahora no hay conexión con la prueba o eso ya no está.");
      return null;
    }
  }

  say(text) {
    return this.do("send", { text });
  }

  async submit() {
    const text = this.box.value.trim();
    if (!text) return;
    const editing = this.editing;
    this.edit(null);
    this.box.value = "";
    this.grow();
    const done = editing
      ? await this.do("edit", { message_id: editing.shown.message_id, text })
      : await this.say(text);
    if (!done) this.box.value = text;
  }

  async press(message, data) {
    const pressed = await this.do("press", { message_id: message.shown.message_id, data });
    if (!pressed) message.rest();
  }

  edit(message) {
    this.editing = message;
    this.find(".editing").hidden = !message;
    this.box.value = message ? message.shown.text : "";
    this.grow();
    this.box.focus();
  }

  async drop(message, both) {
    await this.do("delete", { message_id: message.shown.message_id, for_both: both });
  }

  grow() {
    this.box.rows = Math.min(5, Math.max(1, this.box.value.split("\n").length, Math.ceil(this.box.value.length / 28)));
  }

  // --- what comes in ---------------------------------------------------------------------------

  know(person) {
    this.find(".owner").textContent = person.typing ? "está escribiendo…" : `en el teléfono de ${this.name}`;
    this.find(".blocked").hidden = !person.blocked;
    this.find(".write").hidden = person.blocked;
    this.find(".block").hidden = person.blocked;
  }

  menu(commands) {
    const sheet = this.find(".commands .sheet");
    this.find(".commands").hidden = !commands.length;
    sheet.replaceChildren(
      ...commands.map((one) => {
        const button = document.createElement("button");
        button.type = "button";
        const name = document.createElement("b");
        name.textContent = `/${one.command}`;
        button.append(name, ` ${one.description}`);
        button.addEventListener("click", () => this.say(`/${one.command}`));
        return button;
      }),
    );
  }

  hear(news) {
    const held = this.log.contains(document.activeElement) ? document.activeElement : null;
    if (news.message) this.put(news.message);
    else this.remove(news.message_id);
    this.settle();
    if (news.message && news.kind !== "said") this.show(this.messages.get(news.message_id));
    else if (news.message) this.show(null);
    if (held && !held.isConnected) this.focusOn(news.message_id);
  }

  /** What had focus is gone: go on where the person was, without pressing anything by accident. */
  focusOn(messageId) {
    const next = this.messages.get(messageId) ?? this.newest();
    (next?.element ?? this.box).focus({ preventScroll: true });
  }

  newest() {
    return [...this.messages.values()].filter((one) => one.shown.mine).at(-1);
  }

  pressed(news) {
    this.messages.get(news.message_id)?.rest();
    if (news.text) this.tell(news.text);
  }

  put(shown) {
    const known = this.messages.get(shown.message_id);
    if (known) {
      known.update(shown);
      return;
    }
    const message = new Message(this, shown);
    const day = dayName(new Date(shown.date));
    if (!this.days.has(day)) {
      const line = document.createElement("p");
      line.className = "day";
      line.textContent = day;
      this.days.set(day, line);
      this.log.append(line);
    }
    message.day = day;
    this.messages.set(shown.message_id, message);
    this.log.append(message.element);
  }

  remove(messageId) {
    const message = this.messages.get(messageId);
    if (!message) return;
    if (this.editing === message) this.edit(null);
    message.element.remove();
    this.messages.delete(messageId);
    if (![...this.messages.values()].some((one) => one.day === message.day)) {
      this.days.get(message.day).remove();
      this.days.delete(message.day);
    }
  }

  settle() {
    this.find(".hint").hidden = this.messages.size > 0;
    this.log.hidden = this.messages.size === 0;
    const newest = this.newest();
    this.find(".sound").textContent = !newest ? "" : newest.shown.silent ? "en silencio" : "con sonido";
    this.find(".notice").hidden = !newest;
    this.find(".calm").hidden = Boolean(newest);
    if (newest) this.find(".words").textContent = newest.shown.lock_screen;
  }

  /** Bring a message into view, its beginning if it is long; null: the end. */
  show(message) {
    const element = message?.element ?? this.log.lastElementChild;
    if (!element || this.log.hidden) return;
    const tall = element.offsetHeight > this.log.clientHeight - 16;
    const last = element === this.log.lastElementChild;
    if (tall || !last) {
      const top = element.offsetTop - 8;
      if (tall || top < this.log.scrollTop) this.log.scrollTop = top;
      else element.scrollIntoView({ block: "nearest" });
    } else this.log.scrollTop = this.log.scrollHeight;
  }

  tick(now) {
    const time = this.find(".lock time");
    time.textContent = hour(now).replace(/[^\d:]/g, "");
    time.dateTime = now.toISOString();
  }
}
