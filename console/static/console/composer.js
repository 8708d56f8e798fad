/** The operator's reply. The text leaves the box only when the server has it; one key per text makes a repeat harmless. */

import { newIdentifier } from "../shared/identifier.js";
import { request, RequestError } from "./http.js";
import { say } from "./words.js";

export class Composer {
  constructor(thread) {
    this.thread = thread;
    this.form = thread.element.querySelector("#composer");
    this.box = this.form.querySelector("textarea");
    this.button = this.form.querySelector("button");
    this.label = this.button.querySelector("span");
    this.error = this.form.querySelector("#composer-error");
    this.kept = `ramah:draft:${thread.id}`;
    this.box.value = sessionStorage.getItem(this.kept) ?? "";
    this.idle = this.label.textContent;
    this.key = newIdentifier();
    this.box.addEventListener("input", () => this.#edited());
    this.box.addEventListener("keydown", (event) => this.#pressed(event));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    thread.element.addEventListener("thread:changed", () => this.showWhetherAllowed());
    this.#draw();
  }

  /** One may write only while the conversation is one's own; the header, fresh from the server, says so. */
  showWhetherAllowed() {
    const allowed = this.thread.element.querySelector("[data-can-write]") !== null;
    if (this.form.hidden !== allowed) return;
    this.form.hidden = !allowed;
    if (allowed) this.box.focus();
  }

  focus() {
    if (!this.form.hidden) this.box.focus();
  }

  #edited() {
    this.key = newIdentifier();
    sessionStorage.setItem(this.kept, this.box.value);
    this.error.hidden = true;
    this.#draw();
  }

  #pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (text === "" || this.sending) return;
    this.#sendingNow(true);
    try {
      await request(this.form.action, { method: "POST", body: new URLSearchParams({ text, send_key: this.key }) });
      this.#sent();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#refused(error);
    } finally {
      this.#sendingNow(false);
    }
    await this.thread.refresh();
  }

  #sent() {
    this.box.value = "";
    this.key = newIdentifier();
    sessionStorage.removeItem(this.kept);
    this.error.hidden = true;
    this.thread.follower.atEnd = true;
  }

  #refused(error) {
    const known = error.status >= 400 && error.status < 500;
    this.error.textContent = known ? error.message : say("not_sent");
    this.error.hidden = false;
  }

  #sendingNow(on) {
    this.sending = on;
    this.box.readOnly = on;
    this.label.textContent = on ? say("sending") : this.idle;
    this.#draw();
    if (!on) this.box.focus();
  }

  #draw() {
    this.button.disabled = this.sending || this.box.value.trim() === "";
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 180)}px`;
  }
}
