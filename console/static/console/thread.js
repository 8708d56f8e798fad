/** The open conversation: new messages come in at the end, earlier ones at the top, ticks change in place. */

import { enhance } from "./enhance.js";
import { parse, request } from "./http.js";
import { drawDays } from "./days.js";
import { Follower } from "./follower.js";
import { toast } from "./toast.js";

export class Thread {
  constructor(element) {
    this.element = element;
    this.id = element.dataset.id;
    this.address = `/console/conversations/${encodeURIComponent(this.id)}`;
    this.messages = element.querySelector("#messages");
    this.follower = new Follower(element, () => this.markRead());
    this.refreshing = null;
    this.again = false;
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-earlier]")) void this.loadEarlier();
    });
    this.#tidy();
    if (!this.follower.toMessage(location.hash)) this.follower.toEnd();
    this.markRead();
  }

  /** Fetches what is new; calls while one is running lead to one more. */
  async refresh() {
    if (this.refreshing) {
      this.again = true;
      return this.refreshing;
    }
    this.refreshing = this.#refreshUntilQuiet();
    return this.refreshing;
  }

  async loadEarlier() {
    const first = this.messages.querySelector(".message");
    const button = this.element.querySelector("[data-earlier]");
    button.disabled = true;
    try {
      const { text } = await request(`${this.address}/messages?before=${first.dataset.position}`);
      this.follower.keepingPlace(() => this.#accept(parse(text)));
    } catch (error) {
      button.disabled = false;
      toast(error.message);
    }
  }

  /** Tells the server that the operator has seen the end of the conversation. */
  markRead() {
    const last = [...this.messages.querySelectorAll(".message")].at(-1)?.dataset.position;
    if (!last || last === this.read || document.visibilityState !== "visible" || !this.follower.atEnd) return;
    this.read = last;
    const body = new URLSearchParams({ position: last });
    request(`${this.address}/read`, { method: "POST", body }).catch((error) => {
      this.read = null;
      console.info("The unread mark stays for now", error);
    });
  }

  async #refreshUntilQuiet() {
    try {
      do {
        this.again = false;
        const { text } = await request(`${this.address}/messages?after=${this.lastPosition()}`);
        const added = this.#accept(parse(text));
        this.follower.changed(added);
        this.markRead();
      } while (this.again);
    } catch (error) {
      console.info("The thread is completed with the next event", error);
    } finally {
      this.refreshing = null;
    }
  }

  /** Puts each part of an answer in its place; returns how many messages were new. */
  #accept(parts) {
    let added = 0;
    for (const message of [...parts.querySelectorAll('[data-part="messages"] > .message')]) added += this.#place(message);
    for (const name of ["thread-head", "proposal", "lock", "planned", "earlier"]) this.#fill(name, parts.querySelector(`[data-part="${name}"]`));
    for (const tick of parts.querySelectorAll('[data-part="tick"]')) this.#tick(tick);
    this.#tidy();
    this.element.dispatchEvent(new CustomEvent("thread:changed", { bubbles: true }));
    return added;
  }

  #place(message) {
    const shown = this.messages.querySelector(`#${message.id}`);
    if (shown) {
      shown.replaceWith(message);
      return 0;
    }
    const position = Number(message.dataset.position);
    const next = [...this.messages.querySelectorAll(".message")].find((other) => Number(other.dataset.position) > position);
    this.messages.insertBefore(message, next ?? null);
    return 1;
  }

  #fill(id, part) {
    const place = this.element.querySelector(`#${id}`);
    if (part === null || place.innerHTML === part.innerHTML) return;
    window.Idiomorph.morph(place, part.innerHTML, { morphStyle: "innerHTML" });
    window.htmx.process(place);
  }

  #tick(tick) {
    const place = this.messages.querySelector(`[data-ticks="${tick.dataset.of}"]`);
    if (place && place.innerHTML !== tick.innerHTML) place.replaceChildren(...tick.childNodes);
  }

  #tidy() {
    enhance(this.element);
    drawDays(this.messages);
  }

  /** The last position that the operator has before their eyes. */
  lastPosition() {
    return [...this.messages.querySelectorAll(".message")].at(-1)?.dataset.position ?? 0;
  }
}
