/** The operator's reply. The text leaves the box only when the server has it; one key per text makes a repeat harmless. */

import { Suggestions } from "../inbox/suggestions.js";
import { newIdentifier } from "../shared/identifier.js";
import { ask } from "./confirm.js";
import { request, RequestError } from "./http.js";
import { say } from "./words.js";

const KEEP_MS = 800;

export class Composer {
  constructor(thread, presence) {
    Object.assign(this, { thread, presence });
    this.form = thread.element.querySelector("#composer");
    this.box = this.form.querySelector("textarea");
    this.button = this.form.querySelector("button[type=submit]");
    this.attach = this.form.querySelector("#attach");
    this.answers = null;
    this.label = this.button.querySelector("span");
    this.error = this.form.querySelector("#composer-error");
    this.suggestions = new Suggestions(this.box, this.form.querySelector("#canned-list"), /^\/([\w-]{0,30})$/, () => this.#canned());
    this.idle = this.label.textContent;
    this.key = newIdentifier();
    this.box.addEventListener("input", () => this.#edited());
    this.box.addEventListener("keydown", (event) => this.#pressed(event));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.attach.addEventListener("change", () => this.#showFile());
    thread.element.addEventListener("click", (event) => this.#clicked(event));
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

  /** Nothing stands in the box any more: it was sent, or planned. */
  empty() {
    this.box.value = "";
    this.key = newIdentifier();
    this.attach.value = "";
    this.#answer(null);
    this.#showFile();
    this.#keep();
    this.error.hidden = true;
    this.#draw();
  }

  /** The draft is kept by the server a moment after the last key, and when another conversation is opened. */
  #keep() {
    clearTimeout(this.keeping);
    this.keeping = null;
    const body = new URLSearchParams({ text: this.box.value });
    request(`${this.thread.address}/draft`, { method: "POST", body }).catch((error) => console.info("The draft is kept with the next key", error));
  }

  end() {
    if (this.keeping) this.#keep();
  }

  #clicked(event) {
    const answer = event.target.closest("[data-answer]");
    if (answer) this.#answer(answer.closest(".message"));
    if (event.target.closest("[data-answer-none]")) this.#answer(null);
    if (!event.target.closest("[data-attach-none]")) return;
    this.attach.value = "";
    this.#showFile();
  }

  #answer(message) {
    const place = this.form.querySelector("#answering");
    this.answers = message?.dataset.position ?? null;
    place.hidden = message === null;
    place.querySelector("q").textContent = message?.querySelector(".text")?.textContent.slice(0, 120) ?? "";
    if (message) this.focus();
  }

  #showFile() {
    const file = this.attach.files[0];
    const place = this.form.querySelector("#attaching");
    place.hidden = !file;
    place.querySelector("span").textContent = file?.name ?? "";
    this.key = newIdentifier();
    this.#draw();
  }

  async #canned() {
    const { text } = await request(`${this.thread.address}/canned`);
    return JSON.parse(text).replies.map((one) => ({ name: `/${one.shortcut}`, text: one.text.slice(0, 90), insert: one.text }));
  }

  #edited() {
    this.key = newIdentifier();
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.#keep(), KEEP_MS);
    this.presence.typed();
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
    if ((text === "" && this.attach.files.length === 0) || this.sending) return;
    this.#sendingNow(true);
    try {
      await this.#send(text);
      this.thread.follower.atEnd = true;
      this.presence.rested();
      this.empty();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#refused(error);
    } finally {
      this.#sendingNow(false);
    }
    await this.thread.refresh();
  }

  /** The server says when a colleague has answered since this page last looked; then the operator decides. */
  async #send(text) {
    const file = this.attach.files[0];
    const fields = { text, send_key: this.key, seen: this.thread.lastPosition(), answers: this.answers ?? "" };
    try {
      await this.#post(fields, file);
    } catch (error) {
      if (!error.ask || !(await ask(error.message))) throw error;
      await this.#post({ ...fields, anyway: "yes" }, file);
    }
  }

  #post(fields, file) {
    if (!file) return request(this.form.getAttribute("action"), { method: "POST", body: new URLSearchParams(fields) });
    const body = new FormData();
    Object.entries(fields).forEach(([name, value]) => body.set(name, value));
    body.set("file", file);
    return request(`${this.thread.address}/files`, { method: "POST", body });
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
    this.button.disabled = this.sending || (this.box.value.trim() === "" && this.attach.files.length === 0);
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 180)}px`;
  }
}
