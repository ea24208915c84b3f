// Talks to the sandbox: deeds go out one by one, news comes in on one stream. No elements here.

/** Do something; gives the answer, or throws an Error with the sandbox's words. */
export async function act(path, body = {}, method = "POST") {
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: method === "POST" ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

const TOPICS = ["everything", "person", "group", "message", "press", "call", "clock", "faults", "menu"];

/** Listen for ever: a browser resumes by itself after the last event it had. */
export function listen(hear, line) {
  const source = new EventSource("/_people/events");
  for (const topic of TOPICS) {
    source.addEventListener(topic, (event) => hear[topic](JSON.parse(event.data)));
  }
  source.addEventListener("open", () => line(true));
  source.addEventListener("error", () => line(false));
}
