/** Scrolls along only when the reader is at the end; otherwise offers a button that counts what is new below. */

const NEAR_END = 72;

export class Follower {
  constructor(page, words) {
    this.scroller = page.querySelector("#scroller");
    this.button = page.querySelector("#newer");
    this.words = words;
    this.unseen = 0;
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    this.button.addEventListener("click", () => this.toEnd());
    const resized = new ResizeObserver(() => this.changed());
    resized.observe(this.scroller);
    resized.observe(page.querySelector("#log"));
  }

  /** A message was added; one's own always brings the view down. */
  added(from) {
    if (from === "customer") this.atEnd = true;
    else if (!this.atEnd) this.unseen += 1;
    this.changed();
  }

  changed() {
    if (this.atEnd) this.toEnd();
    this.#draw();
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #look() {
    const below = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    this.atEnd = below < NEAR_END;
    if (this.atEnd) this.unseen = 0;
    this.#draw();
  }

  #draw() {
    this.button.hidden = this.atEnd;
    this.button.toggleAttribute("data-unseen", this.unseen > 0);
    const label = this.unseen > 0 ? this.words.say("new_messages", { count: this.unseen }) : this.words.say("to_latest");
    const place = this.button.querySelector("span");
    if (place.textContent !== label) place.textContent = label;
  }
}
