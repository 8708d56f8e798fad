/**
 * Sends messages one after another, in the order they were written. A message stays in storage until the
 * server accepted it; its client_id makes every repeat harmless.
 */

import { backoff, pause } from "../shared/backoff.js";
import { newIdentifier } from "../shared/identifier.js";
import { HttpError } from "./api.js";

const SERVER_TRIES = 5;

export class Outbox {
  /** onStatus(message, "sending" | "waiting" | "failed"); onAccepted(message, accepted); onRefused(): renew the session. */
  constructor({ api, storage, onStatus, onAccepted, onRefused }) {
    Object.assign(this, { api, storage, onStatus, onAccepted, onRefused });
    this.queue = [];
    this.working = false;
  }

  /** Puts a new message in line and returns it. */
  add(text, payload = null) {
    const message = { client_id: newIdentifier(), text, payload, at: new Date().toISOString() };
    this.storage.keepWaiting(message);
    this.push(message);
    return message;
  }

  /** Puts a message in line again: after a reload, or when the person taps "retry". */
  push(message) {
    this.queue.push(message);
    this.onStatus(message, "sending");
    void this.#work();
  }

  remove(message) {
    this.storage.dropWaiting(message.client_id);
    this.queue = this.queue.filter((waiting) => waiting !== message);
  }

  async #work() {
    if (this.working) return;
    this.working = true;
    while (this.queue.length > 0) await this.#deliver(this.queue[0]);
    this.working = false;
  }

  async #deliver(message) {
    for (let attempt = 0; this.queue[0] === message; attempt += 1) {
      try {
        const accepted = await this.api.send(message);
        this.remove(message);
        this.onAccepted(message, accepted);
      } catch (error) {
        await this.#afterError(message, error, attempt);
      }
    }
  }

  async #afterError(message, error, attempt) {
    if (error instanceof HttpError && error.unauthorised) {
      await this.onRefused();
      return pause(backoff(attempt));
    }
    if (error instanceof HttpError && (!error.passing || attempt + 1 >= SERVER_TRIES)) {
      this.queue.shift();
      return this.onStatus(message, "failed");
    }
    this.onStatus(message, "waiting");
    return pause(error.retryAfter ?? backoff(attempt));
  }
}
