// Turns a text of Telegram and its entities into elements; nothing is ever read as HTML.

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "code", blockquote: "blockquote", expandable_blockquote: "blockquote" };

export function outside(url) {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

/** Turn a text and its entities (offsets in UTF-16 units, as in JavaScript) into nodes. */
export function formatted(text, entities, say) {
  const inside = (from, to, list) => {
    const nodes = [];
    let at = from;
    while (list.length) {
      const [first, ...others] = list;
      const end = first.offset + first.length;
      nodes.push(text.slice(at, first.offset));
      const nested = others.filter((one) => one.offset < end);
      list = others.filter((one) => one.offset >= end);
      nodes.push(element(first, inside(first.offset, end, nested), text.slice(first.offset, end), say));
      // A quote ends its line by itself.
      at = first.type.endsWith("blockquote") && text[end] === "\n" ? end + 1 : end;
    }
    nodes.push(text.slice(at, to));
    return nodes.filter((node) => node !== "");
  };
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return inside(0, text.length, sorted);
}

function element(entity, nodes, words, say) {
  let made;
  if (entity.type === "text_link") made = outside(entity.url);
  else if (entity.type === "url") made = outside(/^https?:/.test(words) ? words : `https://${words}`);
  else if (entity.type === "bot_command") {
    made = document.createElement("button");
    made.type = "button";
    made.className = "command";
    made.addEventListener("click", () => say(words));
  } else made = document.createElement(TAGS[entity.type] ?? "span");
  made.append(...nodes);
  return made;
}
