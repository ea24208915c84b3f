// What is known of a group: who is in it, its topics and messages, what each member has seen.
// No elements here.

export const GENERAL = 1;

export class Group {
  constructor(given) {
    this.messages = new Map();
    this.know(given);
    for (const message of given.messages ?? []) this.messages.set(message.message_id, message);
  }

  know(given) {
    const { messages, ...known } = given;
    Object.assign(this, known);
  }

  hear(news) {
    if (news.message) this.messages.set(news.message_id, news.message);
    else this.messages.delete(news.message_id);
  }

  member(person) {
    return this.members.find((one) => one.chat_id === person);
  }

  /** Whether somebody is in it, or was. */
  knows(person) {
    return this.member(person) !== undefined;
  }

  has(person) {
    return this.knows(person) && !["left", "kicked"].includes(this.member(person).status);
  }

  manages(person) {
    return ["creator", "administrator"].includes(this.member(person)?.status);
  }

  topic(id) {
    return this.topics.find((one) => one.thread_id === id);
  }

  /** The topics as a list shows them: General first, then the liveliest; closed ones last. */
  ordered() {
    const [general, ...others] = this.topics;
    const last = (one) => this.last(one.thread_id)?.message_id ?? one.thread_id;
    others.sort((a, b) => a.closed - b.closed || last(b) - last(a));
    return [general, ...others].filter((one) => !one.hidden);
  }

  inTopic(id) {
    return [...this.messages.values()].filter((one) => one.topic === id);
  }

  last(id) {
    return this.inTopic(id).at(-1);
  }

  unread(person, id) {
    const seen = this.seen[person]?.[id] ?? 0;
    return this.inTopic(id).filter((one) => one.message_id > seen && one.author !== person && !one.service).length;
  }

  pinnedIn(id) {
    return this.pinned.map((one) => this.messages.get(one)).filter((one) => one?.topic === id).at(-1);
  }
}
