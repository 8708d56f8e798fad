/**
 * The event stream of the console. Each event has a sequence; after a break the stream continues from the
 * last one seen, and the pill says what the operator may trust: live, catching up or offline.
 */

import { backoff, pause } from "../shared/backoff.js";
import { say } from "./words.js";

/** The server sends "ping" at least every 15 s. */
const SILENCE_MS = 40_000;

export class Live {
  /** handlers: {name: (data) => void} for events other than "ready" and "ping". */
  constructor(handlers) {
    this.handlers = handlers;
    this.sequence = Number(document.body.dataset.liveSeq);
    this.pill = document.getElementById("pill");
    this.attempt = 0;
    window.addEventListener("offline", () => this.#fail());
  }

  async run() {
    for (;;) {
      this.#show("catching");
      await new Promise((resolve) => this.#open(resolve));
      this.#show("offline");
      await leaveWhenSignedOut();
      await pause(backoff(this.attempt));
      this.attempt += 1;
    }
  }

  #open(ended) {
    this.source = new EventSource(`/console/live?after=${this.sequence}`);
    this.ended = ended;
    this.source.addEventListener("error", () => this.#fail());
    this.#on("ready", () => {
      this.attempt = 0;
      this.#show("live");
    });
    this.#on("ping", () => {});
    for (const [name, handle] of Object.entries(this.handlers)) this.#on(name, handle);
    this.#heard();
  }

  #on(name, handle) {
    this.source.addEventListener(name, (event) => {
      this.#heard();
      const data = JSON.parse(event.data);
      if (typeof data.seq === "number") this.sequence = Math.max(this.sequence, data.seq);
      handle(data);
    });
  }

  #heard() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.#fail(), SILENCE_MS);
  }

  #fail() {
    clearTimeout(this.watchdog);
    this.source?.close();
    this.ended?.();
  }

  #show(state) {
    document.body.dataset.live = state;
    this.pill.dataset.state = state;
    this.pill.title = say(state);
    this.pill.querySelector("span").textContent = say(state);
  }
}

/** EventSource hides the status; a redirect of the inbox tells that the session is over. */
async function leaveWhenSignedOut() {
  try {
    const response = await fetch("/console", { redirect: "manual", cache: "no-store" });
    if (response.type === "opaqueredirect" || response.status === 401) window.location.assign("/login?next=/console");
  } catch (error) {
    console.info("The server cannot be reached", error);
  }
}
