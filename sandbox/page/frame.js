// The frame around the columns: header, light and dark, dialogs, words that pass by.

import { act } from "./net.js";

const ORGANISERS = "organisers";
const $ = (id) => document.getElementById(id);
const LONG = 6000;
/** Windows in which two columns have room side by side, and three. */
const TWO = matchMedia("(min-width: 56rem)");
const THREE = matchMedia("(min-width: 75rem)");

export class Frame {
  /** `looked` is called when another part of the page comes into view. */
  constructor(asked, looked) {
    this.looked = looked;
    this.solo = asked.has("solo");
    document.body.classList.toggle("solo", this.solo);
    document.body.classList.toggle("with-lock", asked.has("lock"));
    $("tools-tab").addEventListener("click", () => this.tools(!document.body.classList.contains("at-tools")));
    for (const tab of document.querySelectorAll("[data-to]")) {
      tab.addEventListener("click", () => this.show(tab.dataset.to));
    }
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    }
    document.addEventListener("click", (event) => {
      for (const open of document.querySelectorAll("details.menu[open]")) {
        if (!open.contains(event.target)) open.open = false;
      }
    });
    document.addEventListener("visibilitychange", () => this.looked());
    this.theme();
    for (const room of [TWO, THREE]) room.addEventListener("change", () => this.fit());
  }

  tell(words) {
    $("toast").textContent = words;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => $("toast").replaceChildren(), LONG);
  }

  /** Say what the bot answered to a press, as Telegram does: in passing, or to be closed. */
  answer(press) {
    if (!press.text) return;
    if (!press.alert) return this.tell(press.text);
    $("alert-words").textContent = press.text;
    if (!$("alert").open) $("alert").showModal();
  }

  connected(yes) {
    $("line").textContent = yes ? "" : "Sin conexión: ¿se detuvo la prueba?";
    document.body.classList.toggle("cut", !yes);
  }

  /** Bring a column into view where there is room for one only. */
  show(column) {
    document.body.dataset.column = column;
    for (const tab of document.querySelectorAll("[data-to]")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.to === column));
    }
    this.tools(false);
    this.looked();
  }

  tools(shown) {
    document.body.classList.toggle("at-tools", shown);
    $("tools-tab").setAttribute("aria-pressed", String(shown));
  }

  /** Make room for a desk when there is a group and for organisers when there are some, and let new
   *  people be put there. */
  columns(groups, organisers) {
    const { classList } = document.body;
    classList.toggle("with-desk", groups.size > 0);
    classList.toggle("with-organisers", organisers);
    classList.toggle("with-panes", groups.size > 0 || organisers);
    for (const tab of document.querySelectorAll("[data-to]")) {
      tab.hidden = !{ family: true, desk: groups.size > 0, organisers }[tab.dataset.to];
    }
    $("where").hidden = !groups.size && !organisers;
    const chosen = $("new-where").value;
    const [family] = $("new-where").options;
    const options = [...groups.values()].map((group) => new Option(group.title, group.chat_id));
    if (organisers) options.push(new Option("Organización", ORGANISERS));
    $("new-where").replaceChildren(family, ...options);
    $("new-where").value = options.some((one) => one.value === chosen) ? chosen : "";
    this.fit();
  }

  /** Put the columns side by side where they have room; a picture shows one of them. */
  fit() {
    const { classList } = document.body;
    const room = classList.contains("with-desk") && classList.contains("with-organisers") ? THREE : TWO;
    const side = classList.contains("with-panes") && room.matches && !this.solo;
    if (classList.toggle("side", side) !== this.side) this.looked();
    this.side = side;
  }

  /** Call `added` with the id of whoever is made with the dialog, and her column. */
  onPerson(added) {
    $("add").addEventListener("click", () => $("new-person").showModal());
    $("new-person").querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const name = $("new-name").value.trim();
      if (!name) return;
      const group = $("new-where").value;
      $("new-person").close();
      event.target.reset();
      try {
        const organiser = group === ORGANISERS;
        const person = await act("/_people", { name, organiser });
        if (group && !organiser) await act(`/_groups/${group}/add`, { person: person.chat_id });
        added(person.chat_id, organiser ? "organisers" : group ? "desk" : "family");
      } catch (error) {
        this.tell("No se pudo añadir.");
      }
    });
  }

  theme() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const look = () => {
      const now = document.documentElement.dataset.look ?? (dark.matches ? "dark" : "light");
      $("theme").setAttribute("aria-pressed", String(now === "dark"));
      return now;
    };
    $("theme").addEventListener("click", () => {
      const next = look() === "dark" ? "light" : "dark";
      document.documentElement.dataset.look = next;
      localStorage.setItem("faro-look", next);
      look();
    });
    dark.addEventListener("change", look);
    look();
  }
}
