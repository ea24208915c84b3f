// The bar that formats what is being written: it puts marks around what is selected (marks.js).

import { MARKS } from "./marks.js";

const KEYS = { b: "bold", i: "italic", u: "underline" };
const WIDE = "(min-width: 45rem)";

export class Format {
  /** `element` has the bar and its switch; `box` is the line to write on, `changed` is told. */
  constructor(element, box, changed) {
    this.box = box;
    this.changed = changed;
    this.bar = element.querySelector(".format");
    this.tab = element.querySelector(".formats");
    this.tab.hidden = false;
    this.show(matchMedia(WIDE).matches);
    this.tab.addEventListener("click", () => this.show(this.bar.hidden));
    for (const button of this.bar.querySelectorAll("[data-mark]")) {
      button.addEventListener("click", () => this.put(button.dataset.mark));
    }
    box.addEventListener("keydown", (event) => {
      const kind = KEYS[event.key.toLowerCase()];
      if (!kind || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      this.put(kind);
    });
  }

  show(shown) {
    this.bar.hidden = !shown;
    this.tab.setAttribute("aria-expanded", String(shown));
  }

  /** Mark what is selected, and leave it selected; a link waits for its address. */
  put(kind) {
    const { selectionStart: from, selectionEnd: to, value } = this.box;
    const words = value.slice(from, to);
    if (kind === "quote") {
      const start = value.lastIndexOf("\n", from - 1) + 1;
      const quoted = value.slice(start, to).replace(/^/gm, "> ");
      this.box.setRangeText(quoted, start, to, "end");
    } else if (kind === "link") {
      const shown = words || "palabras";
      this.box.setRangeText(`[${shown}](https://)`, from, to, "end");
      const end = this.box.selectionEnd - 1;
      this.box.setSelectionRange(end, end);
    } else {
      const sign = MARKS[kind];
      this.box.setRangeText(`${sign}${words}${sign}`, from, to);
      this.box.setSelectionRange(from + sign.length, to + sign.length);
    }
    this.changed();
    this.box.focus();
  }
}
