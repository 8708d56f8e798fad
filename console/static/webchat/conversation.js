/** One customer's conversation on this page: what arrives, what is sent, and how both meet on the screen. */

import { raiseStatus, showStatus } from "./bubbles.js";

/** Typing dots never outlive a lost "off". */
const TYPING_MS = 25_000;

export class Conversation {
  constructor({ api, words, timeline, log, header, host }) {
    Object.assign(this, { api, words, timeline, log, header, host });
    this.outbox = null;
  }

  /** Shows a session that was opened, `fresh` when nothing shown before belongs to it. */
  show(opened, fresh) {
    if (fresh) {
      this.timeline.clear();
      this.log.clear();
    }
    opened.messages.forEach((message) => this.#accept(message));
    this.timeline.settle(opened.position);
  }

  /** An event of the stream. */
  receive(name, data) {
    const handlers = {
      message: () => this.#arrived(data),
      status: () => this.#statusChanged(data),
      typing: () => this.showTyping(data.on),
      state: () => this.header.showState(data),
    };
    handlers[name]?.();
  }

  showTyping(on) {
    clearTimeout(this.typingTimer);
    this.log.showTyping(on);
    if (on) this.typingTimer = setTimeout(() => this.log.showTyping(false), TYPING_MS);
  }

  /** The outbox speaks of one of its messages. */
  outboxStatus(message, status) {
    const entry = this.timeline.find(message) ?? this.#addWaiting(message);
    const onRetry = () => this.outbox.push(message);
    const onRemove = () => this.#discard(message, entry);
    showStatus(entry, status, this.words, { onRetry, onRemove });
  }

  /** The server took a message of ours. */
  async accepted(message) {
    await this.#fillGap(message);
    this.#accept(message);
  }

  #addWaiting(message) {
    const entry = this.log.add({ ...message, from: "customer", choices: [], status: "sending" });
    this.timeline.keep(message, entry);
    return entry;
  }

  #discard(message, entry) {
    this.outbox.remove(message);
    this.timeline.forget(message.client_id);
    this.log.remove(entry);
  }

  async #arrived(message) {
    await this.#fillGap(message);
    const isNew = this.#accept(message);
    if (!isNew || message.from === "customer") return;
    this.showTyping(false);
    this.host.messageCame();
  }

  async #fillGap(message) {
    if (!this.timeline.leavesGap(message)) return;
    try {
      const missing = await this.api.messagesAfter(this.timeline.position);
      missing.forEach((other) => this.#accept(other));
    } catch (error) {
      console.info("The missing messages come with the next connection", error);
    }
  }

  /** True when the message was not on the page yet. */
  #accept(message) {
    const shown = this.timeline.find(message);
    const entry = shown ?? this.log.add(message);
    if (shown) {
      this.log.settle(entry, message);
      if (message.from === "customer") raiseStatus(entry, message.status ?? "sent", this.words);
    }
    this.timeline.keep(message, entry);
    this.timeline.settle(message.position);
    return shown === null;
  }

  #statusChanged({ position, status }) {
    const entry = this.timeline.find({ position });
    if (entry?.dataset.from === "customer") raiseStatus(entry, status, this.words);
  }
}
