// The frame around the columns: header, light and dark, dialogs, words that pass by.

import { act } from "./net.js";

const $ = (id) => document.getElementById(id);
const LONG = 6000;

export class Frame {
  /** `looked` is called when another part of the page comes into view. */
  constructor(asked, looked) {
    this.looked = looked;
    document.body.classList.toggle("solo", asked.has("solo"));
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

  /** Make room for a desk when there is a group, and let new people be put in it. */
  groups(groups) {
    document.body.classList.toggle("with-desk", groups.size > 0);
    $("where").hidden = !groups.size;
    const chosen = $("new-where").value;
    const [family] = $("new-where").options;
    const options = [...groups.values()].map((group) => new Option(group.title, group.chat_id));
    $("new-where").replaceChildren(family, ...options);
    $("new-where").value = groups.has(Number(chosen)) ? chosen : "";
  }

  /** Call `added` with the id of whoever is made with the dialog. */
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
        const person = await act("/_people", { name });
        if (group) await act(`/_groups/${group}/add`, { person: person.chat_id });
        requestAnimationFrame(() => added(person.chat_id));
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
