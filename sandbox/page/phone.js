// One phone: somebody alone with Faro, and the lock screen of it.

import { Conversation } from "./conversation.js";
import { shortHour } from "./words.js";

const template = document.getElementById("phone");

export class Phone extends Conversation {
  constructor(person, tell) {
    super(template.content.firstElementChild.cloneNode(true), tell, person.organiser);
    this.person = person.chat_id;
    this.organiser = person.organiser;
    this.element.id = `phone-${person.chat_id}`;
    this.name = person.name;
    this.aside = person.aside;
    this.find(".hint .name").textContent = person.name;
    this.element.setAttribute("aria-label", `Teléfono de ${person.name}`);
    this.log.setAttribute("aria-label", `Conversación de ${person.name} con Faro`);
    this.box.setAttribute("aria-label", `Mensaje de ${person.name}`);
    this.find(".begin").addEventListener("click", () => this.say("/start"));
    this.find(".block").addEventListener("click", () => this.do("block"));
    this.find(".unblock").addEventListener("click", () => this.do("unblock"));
    this.know(person);
    for (const message of person.messages ?? []) this.put(message);
    this.settle();
  }

  get me() {
    return this.person;
  }

  // --- what comes in ---------------------------------------------------------------------------

  know(person) {
    this.find(".owner").textContent = person.typing ? "está escribiendo…" : `en el teléfono de ${this.name}`;
    this.find(".blocked").hidden = !person.blocked;
    this.find(".write").hidden = person.blocked;
    this.find(".block").hidden = person.blocked;
  }

  settle() {
    super.settle();
    const newest = this.newest();
    this.find(".sound").textContent = !newest ? "" : newest.shown.silent ? "en silencio" : "con sonido";
    this.find(".notice").hidden = !newest;
    this.find(".calm").hidden = Boolean(newest);
    if (newest) this.find(".words").textContent = newest.shown.lock_screen;
  }

  tick(now) {
    const time = this.find(".lock time");
    time.textContent = shortHour(now);
    time.dateTime = now.toISOString();
  }
}
