/** One customer's conversation on this page: what arrives, what is sent, and how both meet on the screen. */

import { raiseStatus, showFiles, showProgress, showStatus } from "./bubbles.js";

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
    if (fresh) this.outbox.showAll();
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
    if (entry.dataset.position) return; // the stream was faster: the server has it
    const refused = status === "failed";
    showStatus(entry, status, this.words, {
      reason: message.failed ?? "failed",
      onRetry: refused && message.failed === "failed" ? () => this.outbox.retry(message) : null,
      onRemove: refused || (status === "waiting" && !message.file) ? () => this.outbox.discard(message) : null,
      onCancel: !refused && message.file ? () => this.outbox.discard(message) : null,
    });
  }

  outboxProgress(message, part) {
    const entry = this.timeline.find(message);
    if (entry) showProgress(entry, part, this.words, message.file.name);
  }

  /** A message was taken back, here or in another tab. */
  discarded(message) {
    const entry = this.timeline.find(message);
    if (!entry || entry.dataset.position) return;
    this.timeline.forget(message.client_id);
    this.log.remove(entry);
  }

  /** The server took a message of ours. */
  async accepted(message) {
    await this.#fillGap(message);
    this.#accept(message);
  }

  /** Addresses of files end; resolves to the message with new ones, or null without a connection. */
  async renewFiles(position) {
    try {
      const message = (await this.api.messagesAfter(position - 1)).find((found) => found.position === position);
      const entry = this.timeline.find({ position });
      if (message && entry) showFiles(entry, message, this.words, this.log.actions);
      return message ?? null;
    } catch (error) {
      console.info("The file's address could not be renewed", error);
      return null;
    }
  }

  #addWaiting(message) {
    const shown = { ...message, from: "customer", choices: [], status: "sending", files: message.file ? [localFile(message.file)] : [] };
    const entry = this.log.add(shown);
    this.timeline.keep(message, entry);
    return entry;
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
      if (!entry.dataset.position) showFiles(entry, message, this.words, this.log.actions);
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

/** A file of this browser as if the server had told of it. */
function localFile({ name, size, type, preview }) {
  return { kind: type.split("/")[0], name, size, mime_type: type, status: "local", url: null, thumbnail_url: preview };
}
