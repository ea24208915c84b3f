// Formatting as it is typed: **bold**, __italic__, ++underlined++, ~~struck~~, > a quote and
// [words](address) become a text and its entities, as Telegram's apps send them. No elements here.

export const MARKS = { bold: "**", italic: "__", underline: "++", strikethrough: "~~" };

const KINDS = Object.entries(MARKS);
const LINK = /\[([^[\]\n]+)\]\((https?:\/\/[^\s()]+)\)/y;

/** Read what was typed; offsets are in UTF-16 units, as in JavaScript. What is not closed is text. */
export function read(typed) {
  const made = { text: "", entities: [] };
  let lines = [];
  let quoting = false;
  const end = () => {
    if (!lines.length) return;
    if (made.text || made.entities.length) made.text += "\n";
    const from = made.text.length;
    add(made, inline(lines.join("\n")));
    if (quoting) mark(made, "blockquote", from);
    lines = [];
  };
  for (const line of typed.split("\n")) {
    const quoted = /^> ?/.test(line);
    if (quoted !== quoting) end();
    quoting = quoted;
    lines.push(quoted ? line.replace(/^> ?/, "") : line);
  }
  end();
  return made;
}

/** Write a text and its entities as they would be typed. */
export function write(text, entities) {
  const inside = (from, to, list) => {
    let typed = "";
    let at = from;
    while (list.length) {
      const [first, ...others] = list;
      const end = first.offset + first.length;
      const nested = others.filter((one) => one.offset < end);
      list = others.filter((one) => one.offset >= end);
      typed += text.slice(at, first.offset) + marked(first, inside(first.offset, end, nested));
      at = end;
    }
    return typed + text.slice(at, to);
  };
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return inside(0, text.length, sorted);
}

function marked(entity, words) {
  if (entity.type === "text_link") return `[${words}](${entity.url})`;
  if (entity.type === "blockquote") return words.replace(/^/gm, "> ");
  const sign = MARKS[entity.type] ?? "";
  return sign + words + sign;
}

function inline(typed) {
  const made = { text: "", entities: [] };
  for (let at = 0; at < typed.length; ) {
    const [kind, sign] = KINDS.find((one) => typed.startsWith(one[1], at)) ?? [];
    const close = sign ? typed.indexOf(sign, at + sign.length + 1) : -1;
    LINK.lastIndex = at;
    const link = LINK.exec(typed);
    const from = made.text.length;
    if (close > 0) {
      add(made, inline(typed.slice(at + sign.length, close)));
      mark(made, kind, from);
      at = close + sign.length;
    } else if (link) {
      add(made, inline(link[1]));
      mark(made, "text_link", from, { url: link[2] });
      at += link[0].length;
    } else made.text += typed[at++];
  }
  return made;
}

function add(made, more) {
  const shift = made.text.length;
  made.text += more.text;
  for (const one of more.entities) made.entities.push({ ...one, offset: one.offset + shift });
}

function mark(made, type, from, more = {}) {
  const length = made.text.length - from;
  if (length) made.entities.push({ type, offset: from, length, ...more });
}
