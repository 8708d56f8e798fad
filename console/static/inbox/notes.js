/** Internal notes: a form of its own, open also where one may not answer the customer. */

import { newIdentifier } from "../shared/identifier.js";
import { request } from "../console/http.js";
import { Suggestions } from "./suggestions.js";

export class Notes {
  constructor(thread) {
    this.thread = thread;
    this.form = thread.element.querySelector("#note-form");
    this.opener = thread.element.querySelector("#open-note");
    this.box = this.form.querySelector("textarea");
    this.error = this.form.querySelector(".composer-error");
    this.key = newIdentifier();
    this.opener.addEventListener("click", () => this.toggle());
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.suggestions = new Suggestions(this.box, this.form.querySelector("#people-list"), /(?:^|\s)@([\p{L} ]{0,30})$/u, people);
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
  }

  toggle() {
    this.form.hidden = !this.form.hidden;
    this.opener.setAttribute("aria-expanded", String(!this.form.hidden));
    if (!this.form.hidden) this.box.focus();
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (text === "") return;
    try {
      await request(this.form.getAttribute("action"), { method: "POST", body: new URLSearchParams({ text, send_key: this.key }) });
      this.key = newIdentifier();
      this.box.value = "";
      this.error.hidden = true;
      this.thread.follower.atEnd = true;
      this.toggle();
    } catch (error) {
      this.error.textContent = error.message;
      this.error.hidden = false;
    }
    await this.thread.refresh();
  }
}

/** The colleagues that the filters name. */
function people() {
  const options = [...document.querySelectorAll('select[name="assigned"] option')].slice(2);
  return options.map((option) => ({ name: option.textContent, text: "", insert: `@${option.textContent} ` }));
}
