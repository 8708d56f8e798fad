/** What is done with the open conversation or with all selected ones: label, assign, snooze, close; with a way back. */

import { ask } from "../console/confirm.js";
import { request } from "../console/http.js";
import { toast } from "../console/toast.js";
import { say } from "../console/words.js";

const HOUR_MS = 3_600_000;

export class Acting {
  constructor(list, desk, selection) {
    Object.assign(this, { list, desk, selection });
    this.picker = document.getElementById("picker");
    document.addEventListener("click", (event) => this.#clicked(event));
    this.picker.addEventListener("submit", (event) => this.#submitted(event));
  }

  /** Opens the choice for "label", "assign" or "snooze"; nothing happens when no conversation is meant. */
  async pick(action, ids = this.#meant()) {
    if (ids.length === 0) return;
    this.ids = ids;
    await this.#show(`/console/act/${action}?ids=${ids.map(encodeURIComponent).join(",")}`);
  }

  /** The resume card of the open conversation. */
  async release() {
    await this.#show(`${this.desk.thread.address}/resume-card`);
  }

  #meant() {
    if (this.selection.ids.length > 0) return this.selection.ids;
    const id = this.desk.thread?.id ?? this.list.marked()?.dataset.id;
    return id ? [id] : [];
  }

  async #show(address) {
    try {
      const { text } = await request(address);
      this.picker.innerHTML = text;
      if (!this.picker.open) this.picker.showModal();
    } catch (error) {
      toast(error.message);
    }
  }

  #clicked(event) {
    const target = event.target;
    const pick = target.closest("[data-pick]");
    if (pick) void this.pick(pick.dataset.pick, pick.closest("#bulk") ? this.selection.ids : [this.desk.thread.id]);
    const chosen = target.closest("#picker [data-do]");
    if (chosen) void this.#chosen(chosen.dataset);
    if (target.closest("[data-bulk-close]")) void this.#closeAll();
    if (target.closest("[data-wake]")) void this.act({ action: "wake" }, [this.desk.thread.id]);
    if (target.closest('[data-action="release"]')) void this.release();
  }

  async #chosen({ do: action, value = "", inHours }) {
    const until = inHours ? new Date(Date.now() + Number(inHours) * HOUR_MS).toISOString() : "";
    await this.act({ action, value, until }, this.ids);
  }

  async #submitted(event) {
    const form = event.target;
    if (form.id === "resume-form") return this.#released(event, form);
    if (!form.dataset.doForm) return undefined;
    event.preventDefault();
    const fields = new FormData(form);
    const until = fields.get("when") ?? "";
    return this.act({ action: form.dataset.doForm, name: fields.get("name") ?? "", until }, this.ids);
  }

  async #released(event, form) {
    event.preventDefault();
    const error = form.querySelector(".composer-error");
    try {
      await request(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) });
      this.picker.close();
    } catch (refused) {
      error.textContent = refused.message;
      error.hidden = false;
    }
    this.desk.conversationChanged(this.desk.thread.id);
  }

  async #closeAll() {
    const ids = this.selection.ids;
    if (await ask(say("close_many").replace("{count}", ids.length))) await this.act({ action: "close" }, ids);
  }

  /** Does it, tells what was refused, and offers the way back where there is one. */
  async act(fields, ids, { again = true } = {}) {
    try {
      const body = new URLSearchParams({ ...fields, ids: ids.join(",") });
      const { text } = await request("/console/act", { method: "POST", body });
      const { changed, refused, undo } = JSON.parse(text);
      this.picker.close();
      this.selection.clear();
      refused.slice(0, 3).forEach(({ reason }) => toast(reason));
      const back = undo && again ? { words: say("undo"), run: () => this.act(undo, changed, { again: false }) } : null;
      if (changed.length > 0) toast(say("done"), "good", back);
      [...changed, ...refused.map((one) => one.id)].forEach((id) => this.#changed(id));
    } catch (error) {
      toast(error.message);
    }
  }

  #changed(id) {
    this.list.changedRow(id);
    this.desk.conversationChanged(id);
  }
}
