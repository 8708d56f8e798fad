/** Which conversations are selected, by x or by a click on the picture, and the bar that acts on them. */

import { say } from "../console/words.js";

export class Selection {
  constructor(list) {
    this.list = list;
    this.chosen = new Set();
    this.bar = document.getElementById("bulk");
    list.rows.addEventListener("click", (event) => this.#clicked(event), true);
    this.bar.addEventListener("click", (event) => event.target.closest("[data-bulk-none]") && this.clear());
  }

  get ids() {
    return [...this.chosen];
  }

  toggle(id) {
    if (!id) return;
    if (!this.chosen.delete(id)) this.chosen.add(id);
    this.draw();
  }

  clear() {
    this.chosen.clear();
    this.draw();
  }

  /** Rows come and go; what is no longer in the list is no longer selected. */
  draw() {
    const rows = [...this.list.rows.querySelectorAll(".row")];
    const shown = new Set(rows.map((row) => row.dataset.id));
    this.chosen.forEach((id) => shown.has(id) || this.chosen.delete(id));
    rows.forEach((row) => row.toggleAttribute("data-selected", this.chosen.has(row.dataset.id)));
    this.bar.hidden = this.chosen.size === 0;
    this.bar.querySelector("strong").textContent = say("selected").replace("{count}", this.chosen.size);
  }

  #clicked(event) {
    const face = event.target.closest("[data-select]");
    if (!face) return;
    event.preventDefault();
    event.stopPropagation();
    this.toggle(face.closest(".row").dataset.id);
  }
}
