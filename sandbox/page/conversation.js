// A conversation somebody has: its messages, and the line to write on. What is around it is in
// phone.js (alone with Faro) and room.js (a topic of a group).

import { Format } from "./format.js";
import { read, write } from "./marks.js";
import { Message, Notice } from "./message.js";
import { act } from "./net.js";
import { askForFile } from "./paste.js";
import { dayName } from "./words.js";

const template = document.getElementById("conversation");

export class Conversation {
  /** `element` has a place for the conversation, marked with data-conversation; what is in it goes
   *  between messages and the line to write on. `formats`: what is written can be formatted. */
  constructor(element, tell, formats = false) {
    this.tell = tell;
    this.formats = formats;
    this.element = element;
    const place = this.find("[data-conversation]");
    const made = template.content.cloneNode(true);
    made.querySelector(".write").before(...place.childNodes);
    place.replaceWith(made);
    this.log = this.find(".log");
    this.box = this.find("textarea");
    this.messages = new Map();
    this.days = new Map();
    this.editing = null;
    this.answering = null;
    this.listen();
  }

  // --- what phone and room decide --------------------------------------------------------------

  /** Whether others see the same messages, so that nobody has a copy of their own to delete. */
  get shared() {
    return false;
  }

  /** The person who acts here. */
  get me() {
    throw new Error("phone and room know");
  }

  /** Where it is, as the control API is told. */
  place() {
    return {};
  }

  owns(shown) {
    return !shown.mine;
  }

  mayDrop() {
    return true;
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
      } else if (event.key === "Escape") this.give();
    });
    this.box.addEventListener("input", () => this.grow());
    on(".about-what button", "click", () => this.give());
    for (const button of this.element.querySelectorAll("[data-deed]")) {
      button.addEventListener("click", () => this.do(button.dataset.deed, this.spoken({})));
    }
    if (this.formats) {
      new Format(this.element, this.box, () => this.grow());
      // Its place is needed, and nobody announces anything with these.
      for (const one of this.element.querySelectorAll("[data-deed=voice], [data-deed=sticker]")) one.remove();
    }
    this.find(".paste").hidden = !this.formats;
    on(".paste", "click", async () => {
      const file = await askForFile();
      if (file) this.do("document", this.spoken(file));
    });
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

  // --- what the person does --------------------------------------------------------------------

  async do(deed, body = {}) {
    try {
      return await act(`/_people/${this.me}/${deed}`, { ...this.place(), ...body });
    } catch (error) {
      this.tell("No se pudo: ahora no hay conexión con la prueba o eso ya no está.");
      return null;
    }
  }

  say(text) {
    return this.do("send", this.spoken({ text }));
  }

  /** Add to what is said what it answers, which is over with that. */
  spoken(body) {
    const to = this.answering;
    if (!to) return body;
    this.about(null, null);
    return { ...body, reply_to: to.shown.message_id };
  }

  async submit() {
    const text = this.box.value.trim();
    if (!text) return;
    const { editing, answering } = this;
    const said = this.formats ? read(text) : { text };
    const body = editing ? { message_id: editing.shown.message_id, ...said } : this.spoken(said);
    this.settleBox();
    const done = await this.do(editing ? "edit" : "send", body);
    if (done) return;
    this.box.value = text;
    this.about(editing, answering);
  }

  async press(message, data) {
    const pressed = await this.do("press", { message_id: message.shown.message_id, data });
    if (!pressed) message.rest();
  }

  answer(message) {
    if (this.editing) this.settleBox();
    this.about(null, message);
    this.box.focus();
  }

  edit(message) {
    this.about(message, null);
    const { text, entities } = message.shown;
    this.box.value = this.formats ? write(text, entities) : text;
    this.grow();
    this.box.focus();
  }

  async drop(message, both) {
    await this.do("delete", { message_id: message.shown.message_id, for_both: both });
  }

  /** Give up editing or answering; only what was written for an edit goes. */
  give() {
    if (this.editing) this.settleBox();
    else this.about(null, null);
  }

  settleBox() {
    this.box.value = "";
    this.about(null, null);
    this.grow();
  }

  /** Show what is being changed or answered. */
  about(editing, answering) {
    this.editing = editing;
    this.answering = answering;
    this.find(".about-what").hidden = !editing && !answering;
    this.find(".about-what span").textContent = editing
      ? "Cambiando su mensaje"
      : answering && `Responde a ${answering.own ? "su mensaje" : answering.shown.name ?? "Faro"}: ${answering.brief()}`;
  }

  grow() {
    this.box.rows = Math.min(this.formats ? 9 : 5, Math.max(1, this.box.value.split("\n").length, Math.ceil(this.box.value.length / 28)));
  }

  // --- what comes in ---------------------------------------------------------------------------

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
    const message = this.messages.get(news.message_id);
    if (message) this.show(news.kind === "said" ? null : message);
    if (held && !held.isConnected) this.focusOn(news.message_id);
  }

  /** Show or hide what depends on there being messages. */
  settle() {
    this.find(".hint").hidden = this.messages.size > 0;
    this.log.hidden = this.messages.size === 0;
  }

  /** What had focus is gone: go on where the person was, without pressing anything by accident. */
  focusOn(messageId) {
    const next = this.messages.get(messageId) ?? this.newest();
    (next?.element ?? this.box).focus({ preventScroll: true });
  }

  newest() {
    return [...this.messages.values()].filter((one) => one.shown.mine).at(-1);
  }

  rest(messageId) {
    this.messages.get(messageId)?.rest();
  }

  put(shown) {
    const known = this.messages.get(shown.message_id);
    if (known) {
      known.update(shown);
      return;
    }
    const message = shown.service ? new Notice(shown) : new Message(this, shown);
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
    if (this.editing === message || this.answering === message) this.settleBox();
    message.element.remove();
    this.messages.delete(messageId);
    if (![...this.messages.values()].some((one) => one.day === message.day)) {
      this.days.get(message.day).remove();
      this.days.delete(message.day);
    }
  }

  clear() {
    this.messages.clear();
    this.days.clear();
    this.log.replaceChildren();
  }

  goTo(messageId) {
    const message = this.messages.get(messageId);
    if (!message) return this.tell("Ese mensaje no está en esta conversación.");
    message.element.scrollIntoView({ block: "center" });
    message.element.focus({ preventScroll: true });
    message.element.classList.remove("found");
    requestAnimationFrame(() => message.element.classList.add("found"));
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
}
