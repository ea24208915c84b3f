// Puts words on the clipboard, also where the page has no secure context.

/** Copy words; gives whether it worked. */
export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyBySelecting(words);
  }
}

function copyBySelecting(words) {
  const box = document.createElement("textarea");
  const before = document.activeElement;
  box.value = words;
  box.className = "unseen";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  before?.focus();
  return done;
}
