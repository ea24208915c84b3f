// The dialog in which somebody writes, pastes or chooses a file of words that she sends.

const $ = (id) => document.getElementById(id);
let answer = null;

/** Let her make a file; gives its name and words, or null when she changes her mind. */
export function askForFile() {
  answer?.(null);
  $("paste").showModal();
  return new Promise((done) => (answer = done));
}

function end(file) {
  answer?.(file);
  answer = null;
}

$("paste-file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  $("paste-name").value = file.name;
  $("paste-words").value = await file.text();
});
$("paste").addEventListener("close", () => end(null));
$("paste").querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const file = { name: $("paste-name").value.trim(), text: $("paste-words").value };
  end(file);
  $("paste").close();
  event.target.reset();
});
