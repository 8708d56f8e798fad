/** The box to write in. */

const LIMIT = 5000;
const WARN_FROM = 4500;

export class Composer {
  /** onSend(text, chosen) is called with what was written, without outer blanks, and the files that were chosen. */
  constructor(page, words, attachments, onSend) {
    this.form = page.querySelector("#composer");
    this.box = this.form.querySelector("textarea");
    this.button = this.form.querySelector(".send");
    this.counter = this.form.querySelector("#counter");
    this.words = words;
    this.attachments = attachments;
    attachments.onChange = () => this.#draw();
    this.onSend = onSend;
    this.ready = false;
    this.box.addEventListener("input", () => this.#draw());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.#draw();
  }

  /** Until the page stands one can write, but not send. */
  enable() {
    this.ready = true;
    this.#draw();
    if (window.matchMedia("(hover: hover)").matches) this.box.focus({ preventScroll: true });
  }

  /** Enter sends, Shift+Enter breaks the line; an Enter that ends a word of an input method does neither. */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (this.#isEmpty() || !this.ready || this.#left() < 0) return;
    const chosen = this.attachments.take();
    this.box.value = "";
    this.#draw();
    this.box.focus({ preventScroll: true });
    this.onSend(text, chosen);
  }

  #isEmpty() {
    return this.box.value.trim() === "" && this.attachments.empty;
  }

  /** Characters left, counted as the server counts them: by code point. */
  #left() {
    return LIMIT - [...this.box.value.trim()].length;
  }

  #draw() {
    const left = this.#left();
    this.button.disabled = !this.ready || left < 0 || this.#isEmpty();
    this.counter.hidden = LIMIT - left < WARN_FROM;
    this.counter.toggleAttribute("data-over", left < 0);
    const [key, count] = left < 0 ? ["characters_over", -left] : ["characters_left", left];
    this.counter.textContent = this.counter.hidden ? "" : this.words.say(key, { count });
    this.box.toggleAttribute("aria-invalid", left < 0);
    this.#grow();
  }

  #grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }
}
