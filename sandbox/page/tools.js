// The controls beside the phones: clock, faults and the list of what the bot did.

import { act } from "./net.js";
import { callLine, faultLine } from "./calls.js";
import { hour, moment } from "./words.js";

const $ = (id) => document.getElementById(id);
const CALLS = 60;

export class Tools {
  constructor(tell, nameOf, tick) {
    this.tell = tell;
    this.nameOf = nameOf;
    this.tick = tick;
    this.ahead = 0;
    this.fixed = null;
    for (const button of document.querySelectorAll("[data-hours]")) {
      button.addEventListener("click", () => this.forward(Number(button.dataset.hours), button.textContent));
    }
    $("fault").addEventListener("submit", (event) => {
      event.preventDefault();
      this.order(new FormData(event.target));
    });
    const wait = () => ($("fault-wait").hidden = $("fault-kind").value !== "retry_after");
    $("fault-kind").addEventListener("change", wait);
    wait();
    $("no-faults").addEventListener("click", () => this.try(() => act("/_faults", {}, "DELETE")));
    setInterval(() => this.show(), 10_000);
  }

  now() {
    return this.fixed ?? new Date(Date.now() + this.ahead);
  }

  clock(news) {
    const now = new Date(news.now);
    this.ahead = now - Date.now();
    this.fixed = news.runs ? null : now;
    this.show();
  }

  show() {
    $("clock").textContent = moment(this.now());
    $("clock").dateTime = this.now().toISOString();
    this.tick(this.now());
  }

  async try(deed) {
    try {
      await deed();
      return true;
    } catch (error) {
      this.tell("No se pudo: ahora no hay conexión con la prueba.");
      return false;
    }
  }

  async forward(hours, name) {
    if (await this.try(() => act("/_clock", { forward: hours * 3600 }))) this.tell(`El reloj avanzó ${name}.`);
  }

  async order(form) {
    const body = {
      kind: form.get("kind"),
      method: form.get("method") || null,
      times: Number(form.get("times")),
    };
    if (form.get("share")) body.share = Number(form.get("share"));
    if (body.kind === "retry_after") body.seconds = Number(form.get("seconds"));
    if (await this.try(() => act("/_faults", body))) this.tell("La falla está lista.");
  }

  faults(news) {
    $("no-faults").hidden = news.faults.length === 0;
    $("faults").replaceChildren(...news.faults.map((fault) => item(faultLine(fault))));
  }

  calls(list) {
    $("calls").replaceChildren();
    for (const call of list) this.call(call);
  }

  call(call) {
    const words = callLine(call, this.nameOf);
    const newest = $("calls").firstElementChild;
    // A message to thousands is one line.
    if (newest && newest.dataset.words === words) return again(newest);
    const line = item(words);
    line.dataset.words = words;
    const time = document.createElement("time");
    time.dateTime = call.at;
    time.textContent = hour(new Date(call.at));
    line.prepend(time);
    line.classList.toggle("bad", !call.ok || call.dropped);
    $("calls").prepend(line);
    while ($("calls").children.length > CALLS) $("calls").lastElementChild.remove();
  }
}

function again(line) {
  const times = Number(line.dataset.times ?? 1) + 1;
  line.dataset.times = times;
  line.lastElementChild.textContent = `${line.dataset.words} (${times} veces)`;
}

function item(words) {
  const line = document.createElement("li");
  const text = document.createElement("span");
  text.textContent = words;
  line.append(text);
  return line;
}
