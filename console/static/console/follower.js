/** Keeps the end of a thread in view for a reader who is there, and leaves everyone else where they read. */

import { say } from "./words.js";

const NEAR_END = 80;

export class Follower {
  constructor(thread, onEnd) {
    this.scroller = thread.querySelector("#thread-scroll");
    this.button = thread.querySelector("#newer");
    this.button.querySelector("span").textContent = say("newer");
    this.onEnd = onEnd;
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    this.button.addEventListener("click", () => this.toEnd());
    const resized = new ResizeObserver(() => this.atEnd && this.toEnd());
    resized.observe(this.scroller);
    resized.observe(thread.querySelector("#messages"));
  }

  /** `added` messages arrived at the end. */
  changed(added) {
    if (this.atEnd) this.toEnd();
    else if (added > 0) this.button.hidden = false;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.button.hidden = true;
  }

  /** Shows the message that an address names (`#message-12`); false when it is not in this thread. */
  toMessage(hash) {
    const message = /^#message-\d+$/.test(hash) ? this.scroller.querySelector(hash) : null;
    if (!message) return false;
    this.atEnd = false;
    message.scrollIntoView({ block: "center" });
    message.dataset.sought = "";
    return true;
  }

  /** Runs `change`, which adds above, without moving what is being read. */
  keepingPlace(change) {
    const below = this.scroller.scrollHeight - this.scroller.scrollTop;
    change();
    this.scroller.scrollTop = this.scroller.scrollHeight - below;
  }

  #look() {
    const below = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    const arrived = below < NEAR_END && !this.atEnd;
    this.atEnd = below < NEAR_END;
    if (this.atEnd) this.button.hidden = true;
    if (arrived) this.onEnd();
  }
}
