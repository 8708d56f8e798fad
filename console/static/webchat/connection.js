/** Keeps one event stream open for as long as the page lives, from the last position that was seen. */

import { backoff, pause } from "../shared/backoff.js";
import { HttpError } from "./api.js";
import { readEvents } from "./events.js";

/** The server says something at least every 15 s; after this long the line is dead whatever the socket says. */
const SILENCE_MS = 40_000;

export class Connection {
  /**
   * position(): last position seen; onEvent(name, data); onState("connecting" | "live" | "offline");
   * onRefused(): renew the session, called on 401.
   */
  constructor({ api, position, onEvent, onState, onRefused }) {
    Object.assign(this, { api, position, onEvent, onState, onRefused });
    this.attempt = 0;
    window.addEventListener("offline", () => this.restart());
  }

  async run() {
    for (;;) {
      this.onState(navigator.onLine ? "connecting" : "offline");
      await this.#once();
      this.onState(navigator.onLine ? "connecting" : "offline");
      await pause(backoff(this.attempt));
      this.attempt += 1;
    }
  }

  /** Drops the open stream, if any; the loop opens the next one. */
  restart() {
    this.controller?.abort(new Error("restarted"));
  }

  async #once() {
    this.controller = new AbortController();
    try {
      await this.#listen(await this.api.stream(this.position(), this.controller.signal));
    } catch (error) {
      if (error instanceof HttpError && error.unauthorised) await this.onRefused();
      else console.info("The chat stream ended", error);
    } finally {
      clearTimeout(this.watchdog);
    }
  }

  async #listen(body) {
    this.#heard();
    this.onState("live");
    for await (const event of readEvents(body)) {
      this.#heard();
      this.attempt = 0;
      if (event !== null) this.onEvent(event.event, JSON.parse(event.data));
    }
  }

  #heard() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.restart(), SILENCE_MS);
  }
}
