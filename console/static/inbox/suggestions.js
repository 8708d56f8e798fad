/** A list over a text box, opened by a sign ("/" or "@") before the words at the cursor; arrows and Enter choose. */

export class Suggestions {
  /** `load()` gives [{name, text, insert}]; `pattern` finds the sign and the words behind it before the cursor. */
  constructor(box, place, pattern, load) {
    Object.assign(this, { box, place, pattern, load, shown: [], at: 0 });
    box.addEventListener("input", () => this.#typed());
    box.addEventListener("keydown", (event) => this.#pressed(event), true);
    box.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    place.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) this.#choose(Number(item.dataset.at));
    });
  }

  close() {
    this.place.hidden = true;
    this.shown = [];
  }

  async #typed() {
    if (!this.#found()) return this.close();
    this.all ??= await this.load();
    // More may have been typed while the list was on its way.
    const found = this.#found();
    if (!found) return this.close();
    const words = found[1].toLowerCase();
    this.shown = this.all.filter((one) => one.name.toLowerCase().includes(words)).slice(0, 8);
    this.length = found[1].length + 1;
    this.at = 0;
    return this.#draw();
  }

  #found() {
    return this.pattern.exec(this.box.value.slice(0, this.box.selectionStart));
  }

  #draw() {
    this.place.replaceChildren(...this.shown.map((one, at) => this.#item(one, at)));
    this.place.hidden = this.shown.length === 0;
  }

  #item(one, at) {
    const item = document.createElement("li");
    const name = document.createElement("code");
    name.textContent = one.name;
    item.append(name, one.text);
    item.dataset.at = at;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(at === this.at));
    return item;
  }

  #pressed(event) {
    if (this.shown.length === 0 || event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      this.at = (this.at + steps[event.key] + this.shown.length) % this.shown.length;
      this.#draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.#choose(this.at);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #choose(at) {
    const { insert } = this.shown[at];
    const end = this.box.selectionStart;
    this.box.setRangeText(insert, end - this.length, end, "end");
    this.close();
    this.box.focus();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
