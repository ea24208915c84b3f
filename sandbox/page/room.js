// A topic of a group, as one of its members sees it.

import { Conversation } from "./conversation.js";

const template = document.getElementById("room");

export class Room extends Conversation {
  constructor(group, tell) {
    super(template.content.firstElementChild.cloneNode(true), tell);
    this.group = group;
    this.drafts = new Map();
    this.find(".close").addEventListener("click", () => this.do("close"));
    this.find(".reopen").addEventListener("click", () => this.do("reopen"));
    this.find(".leave").addEventListener("click", () => this.do("leave"));
    this.find(".pinned").addEventListener("click", () => this.goTo(this.pin.message_id));
  }

  get shared() {
    return true;
  }

  get me() {
    return this.person;
  }

  get key() {
    return `${this.person}/${this.topic}`;
  }

  place() {
    return { group: this.group.chat_id, topic: this.topic };
  }

  owns(shown) {
    return shown.author === this.person;
  }

  mayDrop(message) {
    return message.own || this.group.manages(this.person);
  }

  /** Show a topic to somebody; what was half written elsewhere waits there. */
  open(person, name, topic) {
    if (this.topic !== undefined) this.drafts.set(this.key, this.box.value);
    this.settleBox();
    Object.assign(this, { person, name, topic });
    this.box.value = this.drafts.get(this.key) ?? "";
    this.grow();
    this.clear();
    for (const message of this.group.inTopic(topic)) this.put(message);
    this.know();
    this.show(null);
    this.read();
  }

  know() {
    const topic = this.group.topic(this.topic);
    const name = topic?.name ?? "Tema borrado";
    const inside = this.group.has(this.person);
    const shut = !topic || (topic.closed && !this.group.manages(this.person));
    const manages = this.group.manages(this.person);
    const people = this.group.members.filter((one) => this.group.has(one.chat_id)).length;
    this.find("h2").textContent = name;
    this.find(".state").textContent = this.group.typing
      ? "Faro está escribiendo…"
      : `${this.name} · ${this.group.title}, ${people} personas${topic?.closed ? " · cerrado" : ""}`;
    this.element.setAttribute("aria-label", `${name}, visto por ${this.name}`);
    this.log.setAttribute("aria-label", `Mensajes de ${name}`);
    this.box.setAttribute("aria-label", `Mensaje de ${this.name} en ${name}`);
    this.find(".write").hidden = shut || !inside;
    this.find(".blocked").hidden = !shut && inside;
    this.find(".blocked span").textContent = !inside
      ? `${this.name} ya no está en este grupo.`
      : topic ? "Este tema está cerrado." : "Este tema se borró.";
    this.find(".close").hidden = !manages || !topic || topic.closed;
    this.find(".reopen").hidden = !manages || !topic?.closed;
    this.find(".leave").hidden = !inside;
    this.find(".bar .menu").hidden = !inside;
    this.pin = this.group.pinnedIn(this.topic);
    this.find(".pinned").hidden = !this.pin;
    if (this.pin) this.find(".pinned span").textContent = this.pin.text.split("\n")[0];
    this.settle();
  }

  hear(news) {
    const topic = news.message?.topic ?? this.topic;
    if (topic !== this.topic) return;
    super.hear(news);
    this.read();
  }

  /** Tell that everything here was seen, once for each newest message, if somebody is looking. */
  async read() {
    const newest = this.group.last(this.topic)?.message_id;
    const looking = this.element.checkVisibility() && !document.hidden && this.group.has(this.person);
    const mark = `${this.key}/${newest}`;
    if (!looking || mark === this.marked || !this.group.unread(this.person, this.topic)) return;
    this.marked = mark;
    await this.do("read");
  }
}
