/** "Send later": what stands in the box is planned for a moment, in the organisation's zone. */

import { newIdentifier } from "../shared/identifier.js";
import { request } from "../console/http.js";

export class Later {
  constructor(thread, composer) {
    Object.assign(this, { thread, composer });
    this.dialog = thread.element.querySelector("#later");
    this.form = this.dialog.querySelector("form");
    this.error = this.form.querySelector(".composer-error");
    this.form.addEventListener("submit", (event) => this.#submit(event));
  }

  async #submit(event) {
    event.preventDefault();
    const fields = new FormData(this.form);
    const body = new URLSearchParams({
      text: this.composer.box.value,
      at: fields.get("when"),
      unless_answered: fields.get("unless_answered") ?? "",
      send_key: newIdentifier(),
    });
    try {
      await request(this.form.getAttribute("action"), { method: "POST", body });
      this.dialog.close();
      this.error.hidden = true;
      this.composer.empty();
    } catch (error) {
      this.error.textContent = error.message;
      this.error.hidden = false;
    }
    await this.thread.refresh();
  }
}
