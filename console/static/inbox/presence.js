/** Who else reads or writes here. The page says what its operator does when that changes and now and then, not per key. */

import { request } from "../console/http.js";

const SAY_AGAIN_MS = 20_000;
const WRITING_FOR_MS = 6_000;

export class Presence {
  constructor(thread) {
    this.thread = thread;
    this.place = thread.element.querySelector("#watchers");
    this.doing = "reading";
    this.saidAt = 0;
    this.timer = setInterval(() => this.#beat(), SAY_AGAIN_MS);
    this.hide = () => (document.visibilityState === "visible" ? void this.tell() : this.#leave());
    document.addEventListener("visibilitychange", this.hide);
    window.addEventListener("pagehide", () => this.#leave());
    if (document.visibilityState === "visible") void this.tell();
  }

  /** The operator typed something. */
  typed() {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.#now("reading"), WRITING_FOR_MS);
    if (this.doing !== "writing" || Date.now() - this.saidAt > WRITING_FOR_MS) this.#now("writing");
  }

  /** What was written is sent. */
  rested() {
    clearTimeout(this.idle);
    if (this.doing === "writing") this.#now("reading");
  }

  /** Another conversation is opened. */
  end() {
    clearInterval(this.timer);
    clearTimeout(this.idle);
    clearTimeout(this.fade);
    document.removeEventListener("visibilitychange", this.hide);
    this.ended = true;
    this.#leave();
  }

  async tell() {
    this.saidAt = Date.now();
    try {
      const { text } = await request(`${this.thread.address}/presence`, { method: "POST", body: new URLSearchParams({ doing: this.doing }) });
      if (!this.ended) this.#draw(JSON.parse(text).others);
    } catch (error) {
      console.info("Who else is here is asked again soon", error);
    }
  }

  #beat() {
    if (document.visibilityState === "visible") void this.tell();
  }

  #now(doing) {
    this.doing = doing;
    void this.tell();
  }

  #leave() {
    const body = new URLSearchParams({ doing: "gone", csrf_token: document.body.dataset.csrf });
    navigator.sendBeacon(`${this.thread.address}/presence`, body);
  }

  #draw(others) {
    const lines = others.map((one) => (one.writing ? this.place.dataset.writes : this.place.dataset.reads).replace("{name}", one.name));
    this.place.textContent = lines.join(" · ");
    this.place.hidden = lines.length === 0;
    this.place.toggleAttribute("data-writing", others.some((one) => one.writing));
    clearTimeout(this.fade);
    if (others.length > 0) this.fade = setTimeout(() => this.#beat(), Math.min(...others.map((one) => one.seconds)) * 1000 + 200);
  }
}
