/** The open conversation as a whole: thread, composer and side panel, and what the operator does with it. */

import { Later } from "../inbox/later.js";
import { Notes } from "../inbox/notes.js";
import { Presence } from "../inbox/presence.js";
import { Composer } from "./composer.js";
import { enhance } from "./enhance.js";
import { request } from "./http.js";
import { Thread } from "./thread.js";

const SIDE_KEPT = "ramah:side";
const SIDE_DELAY_MS = 400;

export class Desk {
  constructor(list) {
    this.list = list;
    this.app = document.querySelector(".app");
    this.place = document.getElementById("conversation");
    this.app.dataset.side = localStorage.getItem(SIDE_KEPT) ?? "shown";
    this.place.addEventListener("click", (event) => this.#clicked(event));
  }

  /** Takes up whatever conversation stands on the page now. */
  attach() {
    this.presence?.end();
    this.composer?.end();
    const element = this.place.querySelector("#thread");
    this.thread = element ? new Thread(element) : null;
    this.presence = element ? new Presence(this.thread) : null;
    this.composer = element ? new Composer(this.thread, this.presence) : null;
    this.notes = element ? new Notes(this.thread) : null;
    this.later = element ? new Later(this.thread, this.composer) : null;
    this.app.dataset.view = element ? "thread" : "list";
    this.app.removeAttribute("data-side-over");
    this.list.showOpened(this.thread?.id ?? null);
    enhance(this.place);
  }

  /** Something happened in conversation `id`. */
  conversationChanged(id) {
    if (this.thread?.id !== id) return;
    void this.thread.refresh();
    clearTimeout(this.sideTimer);
    this.sideTimer = setTimeout(() => this.#refreshSide(id), SIDE_DELAY_MS);
  }

  /** A colleague came, left, began or stopped writing in conversation `id`. */
  presenceChanged(id) {
    if (this.thread?.id === id) void this.presence.tell();
  }

  /** Presses the button for "take", "release" or "close" when it is there. */
  press(action) {
    this.place.querySelector(`[data-action="${action}"]:not(:disabled)`)?.click();
  }

  toggleSide() {
    const over = window.matchMedia("(max-width: 1179px)").matches;
    if (over) {
      this.app.toggleAttribute("data-side-over");
      return;
    }
    this.app.dataset.side = this.app.dataset.side === "shown" ? "hidden" : "shown";
    localStorage.setItem(SIDE_KEPT, this.app.dataset.side);
  }

  escape() {
    if (this.app.hasAttribute("data-side-over")) this.app.removeAttribute("data-side-over");
    else if (this.app.dataset.view === "thread" && window.matchMedia("(max-width: 767px)").matches) this.#back();
  }

  #clicked(event) {
    if (event.target.closest("[data-toggle-side]")) this.toggleSide();
    if (event.target.closest("[data-back]")) this.#back();
    if (event.target.closest("[data-edit]")) this.place.querySelector("[data-proposal] textarea").focus();
  }

  #back() {
    this.app.dataset.view = "list";
    window.history.pushState({}, "", "/console");
  }

  async #refreshSide(id) {
    try {
      const { text } = await request(`${this.thread.address}/side`);
      const side = this.place.querySelector("#side");
      if (this.thread?.id !== id || side === null) return;
      window.Idiomorph.morph(side, text, { morphStyle: "outerHTML", callbacks: { beforeAttributeUpdated: keepFolded, beforeNodeMorphed: keepTyped } });
      window.htmx.process(this.place.querySelector("#side"));
      enhance(this.place);
    } catch (error) {
      console.info("The side panel is refreshed with the next event", error);
    }
  }
}

/** What is being written is not thrown away by a refresh; once it is stored its field is another one. */
function keepTyped(old, fresh) {
  return !(old instanceof HTMLTextAreaElement && old.id === fresh.id && old.value !== "");
}

/** A part that the operator folded stays folded. */
function keepFolded(name, element) {
  return !(name === "open" && element.matches("details"));
}
