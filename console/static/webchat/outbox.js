/**
 * Sends messages and files one after another, in the order they were written, by one tab of this browser at a time.
 * A message stays in storage until the server accepted it; its client_id makes every repeat harmless. No answer and
 * a server in trouble (5xx) are waited out; only a plain refusal ends the tries.
 */

import { backoff, pause } from "../shared/backoff.js";
import { newIdentifier } from "../shared/identifier.js";
import { HttpError } from "./api.js";

const REASONS = { 413: "file_too_large", 415: "file_type" };

export class Outbox {
  /**
   * onStatus(message, "sending" | "waiting" | "failed"); onProgress(message, 0..1); onAccepted(message, accepted);
   * onDiscarded(message): taken back, here or in another tab; onCount(waiting); onRefused(): renew the session.
   */
  constructor({ api, storage, files, sent, lane, ...handlers }) {
    Object.assign(this, { api, storage, files, sent, lane }, handlers);
    this.ready = false;
    this.working = false;
    this.wanted = false;
    this.current = null;
    storage.watch((message) => this.#changedElsewhere(message));
  }

  /** The session is open: sending may begin. */
  open() {
    this.ready = true;
    void this.#work();
  }

  /** Shows all that waits in this browser, also what another tab wrote. */
  showAll() {
    this.#count();
    this.storage.waiting().forEach((message) => this.onStatus(message, message.failed ? "failed" : "waiting"));
  }

  /** Puts a new message in line. */
  add(text, payload = null) {
    this.#push({ ...this.#fresh(), text, payload });
  }

  /** Puts a file in line, with words under it. `preview` is a small picture (data URL) or null. */
  async addFile(file, text, preview) {
    const message = { ...this.#fresh(), text, payload: null, file: { name: file.name, size: file.size, type: file.type, preview } };
    this.onStatus(message, this.#beginning());
    await this.files.put(message.client_id, file);
    this.#push(message);
  }

  /** Puts a refused message in line again. */
  retry(message) {
    const { failed, ...again } = message;
    this.#push(again);
  }

  /** Takes a message back; one that is on its way is stopped where that is still possible. */
  discard(message) {
    this.storage.discardWaiting(message);
    void this.files.drop(message.client_id);
    if (this.current?.client_id === message.client_id) this.current.controller.abort(new Error("taken back"));
    this.onDiscarded(message);
    this.#count();
  }

  #fresh() {
    return { client_id: newIdentifier(), at: new Date().toISOString(), order: this.storage.nextOrder() };
  }

  #push(message) {
    this.storage.keepWaiting(message);
    this.#count();
    this.onStatus(message, this.#beginning());
    void this.#work();
  }

  #beginning() {
    return this.ready && navigator.onLine ? "sending" : "waiting";
  }

  /** Another tab wrote, changed, sent or took back a message. */
  #changedElsewhere(message) {
    this.#count();
    if (message === null) return;
    if (message.discarded) this.onDiscarded(message);
    else this.onStatus(message, message.failed ? "failed" : this.#beginning());
    void this.#work();
  }

  #count() {
    this.onCount(this.#due().length);
  }

  #due() {
    return this.storage.waiting().filter((message) => !message.failed);
  }

  async #work() {
    this.wanted = true;
    if (this.working || !this.ready) return;
    this.working = true;
    while (this.wanted) {
      this.wanted = false;
      await this.#drain();
    }
    this.working = false;
  }

  async #drain() {
    let attempt = 0;
    while (this.#due().length > 0) {
      const wait = navigator.onLine ? await this.lane.hold(() => this.#sendOldest(attempt)) : this.#hold(attempt);
      attempt = wait === 0 ? 0 : attempt + 1;
      if (wait > 0) await pause(wait);
    }
  }

  /** In the lane: sends the oldest message. Returns the milliseconds to wait before the next try, 0 when it is done. */
  async #sendOldest(attempt) {
    const [message] = this.#due();
    if (message === undefined) return 0;
    if (await this.sent.has(message.client_id)) {
      // Another tab was faster; the stream shows its place.
      this.storage.dropWaiting(message.client_id);
      this.#count();
      return 0;
    }
    this.current = { client_id: message.client_id, controller: new AbortController() };
    this.onStatus(message, "sending");
    try {
      const accepted = await this.#send(message);
      // Before the lane is left: whoever comes next must know.
      await this.sent.add(message.client_id);
      this.storage.dropWaiting(message.client_id);
      this.onAccepted(message, accepted);
      this.#count();
      if (message.file) void this.files.drop(message.client_id);
      return 0;
    } catch (error) {
      return this.#afterError(message, error, attempt);
    } finally {
      this.current = null;
    }
  }

  async #send(message) {
    if (!message.file) return this.api.send(message);
    const blob = await this.files.get(message.client_id);
    if (blob === null) throw new FileGone();
    const onProgress = (part) => this.onProgress(message, part);
    return this.api.sendFile(message, blob, { onProgress, signal: this.current.controller.signal });
  }

  async #afterError(message, error, attempt) {
    if (this.current.controller.signal.aborted) return 0;
    if (error instanceof HttpError && error.unauthorised) {
      await this.onRefused();
      return backoff(attempt);
    }
    if (error instanceof FileGone || (error instanceof HttpError && !error.passing)) {
      this.#refuse(message, error);
      return 0;
    }
    return this.#hold(attempt, error.retryAfter);
  }

  #refuse(message, error) {
    const reason = error instanceof FileGone ? "file_gone" : (message.file && REASONS[error.status]) || "failed";
    const refused = { ...message, failed: reason };
    this.storage.keepWaiting(refused);
    this.onStatus(refused, "failed");
    this.#count();
  }

  /** Everything in line waits. */
  #hold(attempt, retryAfter = null) {
    this.#due().forEach((message) => this.onStatus(message, "waiting"));
    return retryAfter ?? backoff(attempt);
  }
}

class FileGone extends Error {}
