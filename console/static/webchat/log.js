/** The list of messages on the page: right order, day lines, and a view that follows only a reader at its end. */

import { dayKey, dayLabel } from "../shared/when.js";
import { bubble, place } from "./bubbles.js";
import { markPast } from "./choices.js";
import { element } from "./elements.js";
import { Follower } from "./follower.js";

export class Log {
  constructor(page, words, actions) {
    this.list = page.querySelector("#log");
    this.typing = page.querySelector("#typing");
    this.empty = page.querySelector("#empty");
    this.words = words;
    this.actions = actions;
    this.follower = new Follower(page, words);
  }

  clear() {
    this.list.querySelectorAll(".entry, .day").forEach((old) => old.remove());
    this.#tidy();
  }

  /** Shows a new message and returns its entry. */
  add(message) {
    const entry = bubble(message, this.words, this.actions);
    this.#insert(entry);
    this.#tidy();
    this.follower.added(message.from ?? "customer");
    return entry;
  }

  /** The server accepted a message that is already shown: it may belong elsewhere. */
  settle(entry, message) {
    place(entry, message);
    this.#insert(entry);
    this.#tidy();
  }

  remove(entry) {
    entry.remove();
    this.#tidy();
  }

  showTyping(on) {
    this.typing.hidden = !on;
    this.follower.changed();
  }

  /** Numbered messages in order; those still on their way stay last. */
  #insert(entry) {
    const rank = (other) => Number(other.dataset.position ?? Infinity);
    const after = [...this.list.querySelectorAll(".entry")].find((other) => other !== entry && rank(other) > rank(entry));
    const before = after ?? null;
    if (entry.parentElement !== this.list || entry.nextElementSibling !== before) this.list.insertBefore(entry, before);
  }

  #tidy() {
    this.#drawDays();
    markPast(this.list);
    this.empty.hidden = this.list.querySelector(".entry") !== null;
  }

  #drawDays() {
    this.list.querySelectorAll(".day").forEach((line) => line.remove());
    let last = null;
    for (const entry of this.list.querySelectorAll(".entry")) {
      const date = new Date(entry.dataset.at);
      if (dayKey(date) !== last) {
        entry.before(element("p", { class: "day" }, element("span", {}, dayLabel(date, this.words.language))));
      }
      last = dayKey(date);
    }
  }
}
