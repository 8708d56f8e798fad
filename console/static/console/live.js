/**
 * The event stream of the console. Each event has a sequence; after a break the stream continues from the
 * last one seen, and the pill says what the operator may trust: live, catching up or offline.
 */

import { backoff, pause } from "../shared/backoff.js";
import { say } from "./words.js";

/** The server sends "ping" at least every 15 s. */
const SILENCE_MS = 40_000;
const HIDDEN_MS = 20_000;
const PLACE = "ramah:background";

export class Live {
  /** handlers: {name: (data) => void} for events other than "ready" and "ping". */
  constructor(handlers) {
    this.handlers = handlers;
    this.sequence = Number(document.body.dataset.liveSeq);
    this.pill = document.getElementById("pill");
    this.attempt = 0;
    window.addEventListener("offline", () => this.#fail());
    document.addEventListener("visibilitychange", () => this.#rest());
  }

  async run() {
    for (;;) {
      this.#show("catching");
      const leave = await backgroundPlace();
      this.inBackground = leave !== null;
      await new Promise((resolve) => this.#open(resolve));
      leave?.();
      if (this.resting) {
        this.resting = false;
        continue;
      }
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

  /** A tab that has been hidden for a while gives its connection up: a browser has only six for all its tabs. */
  #rest() {
    clearTimeout(this.restTimer);
    if (!document.hidden || !navigator.locks) return;
    this.restTimer = setTimeout(() => {
      if (this.inBackground) return;
      this.resting = true;
      this.#fail();
    }, HIDDEN_MS);
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

/**
 * Waits until this tab may hold a connection: at once while it is visible, else when the one place of the hidden tabs
 * is free. Returns how to give that place back, or null.
 */
function backgroundPlace() {
  if (!document.hidden || !navigator.locks) return Promise.resolve(null);
  return new Promise((resolve) => {
    const stop = new AbortController();
    const seen = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", seen);
      stop.abort();
      resolve(null);
    };
    document.addEventListener("visibilitychange", seen);
    const held = () => {
      document.removeEventListener("visibilitychange", seen);
      return new Promise((leave) => resolve(leave));
    };
    navigator.locks.request(PLACE, { signal: stop.signal }, held).catch((error) => console.info("Visible again", error.name));
  });
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
