// The column of families: a phone for each, and the tabs to choose one. Those who are one of many
// have theirs behind a button.

const $ = (id) => document.getElementById(id);

export class Family {
  /** `shown` is called when somebody chooses a phone. */
  constructor(shown) {
    this.shown = shown;
    this.phones = new Map();
    this.tabs = new Map();
    this.chosen = null;
    $("others").addEventListener("click", () => {
      const [first] = this.aside();
      this.reveal();
      this.tabs.get(first).focus();
    });
  }

  clear() {
    this.phones.clear();
    this.tabs.clear();
    $("tabs").classList.remove("all");
    $("phones").replaceChildren();
    $("tabs").replaceChildren();
  }

  has(chat) {
    return this.phones.has(chat);
  }

  add(phone) {
    const chat = phone.person;
    this.phones.set(chat, phone);
    $("phones").append(phone.element);
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "chip";
    tab.textContent = phone.name;
    tab.addEventListener("click", () => {
      this.choose(chat);
      this.shown();
      phone.box.focus();
    });
    const place = document.createElement("li");
    place.classList.toggle("aside", phone.aside);
    phone.element.classList.toggle("aside", phone.aside);
    place.append(tab);
    $("tabs").append(place);
    this.tabs.set(chat, tab);
    this.mark();
  }

  /** Those behind the button, by chat id; none once it was pressed. */
  aside() {
    if ($("tabs").classList.contains("all")) return [];
    return [...this.phones].filter(([, phone]) => phone.aside).map(([chat]) => chat);
  }

  /** Show the tabs of all. */
  reveal() {
    $("tabs").classList.add("all");
    this.mark();
  }

  /** Let somebody go who sits at the desk now. */
  remove(chat) {
    this.phones.get(chat)?.element.remove();
    this.tabs.get(chat)?.parentElement.remove();
    this.phones.delete(chat);
    this.tabs.delete(chat);
    if (this.chosen === chat) this.choose(null);
    else this.mark();
  }

  choose(chat) {
    this.chosen = this.has(chat) ? chat : this.phones.keys().next().value;
    if (this.phones.get(this.chosen)?.aside) this.reveal();
    for (const [one, phone] of this.phones) {
      const here = one === this.chosen;
      phone.element.classList.toggle("chosen", here);
      if (here) this.tabs.get(one).setAttribute("aria-current", "true");
      else this.tabs.get(one).removeAttribute("aria-current");
    }
    const phone = this.phones.get(this.chosen);
    phone?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    phone?.show(null);
    this.mark();
  }

  /** Mark the tabs of phones where something came in that nobody has looked at. */
  mark() {
    for (const [chat, phone] of this.phones) {
      if (phone.element.checkVisibility()) phone.fresh = 0;
      this.tabs.get(chat).classList.toggle("fresh", phone.fresh > 0);
      this.tabs.get(chat).setAttribute("aria-label", phone.fresh ? `${phone.name}, con mensajes nuevos` : phone.name);
    }
    const aside = this.aside();
    const fresh = aside.some((chat) => this.phones.get(chat).fresh > 0);
    $("others").hidden = !aside.length;
    $("others").textContent = `${aside.length} más`;
    $("others").classList.toggle("fresh", fresh);
    const more = aside.length === 1 ? "Ver una familia más" : `Ver ${aside.length} familias más`;
    $("others").setAttribute("aria-label", fresh ? `${more}, con mensajes nuevos` : more);
  }
}
