/** The list of conversations: which one is open, which is marked, and rows that change while one looks. */

import { enhance } from "./enhance.js";
import { parse, request } from "./http.js";

const GATHER_MS = 120;

export class ConversationList {
  constructor() {
    this.rows = document.getElementById("rows");
    this.filters = document.getElementById("filters");
    this.changed = new Set();
    this.opened = null;
  }

  /** Asks for a row again soon; several events of one moment make one request each. */
  changedRow(id) {
    this.changed.add(id);
    this.timer ??= setTimeout(() => this.#refreshChanged(), GATHER_MS);
  }

  /** Loads the first page again: the server could not tell what changed in between. */
  reload() {
    window.htmx.trigger(this.filters, "submit");
  }

  showOpened(id) {
    this.opened = id;
    this.rows.querySelectorAll(".row").forEach((row) => {
      const current = row.dataset.id === id;
      if (current) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
  }

  showCounts(counts) {
    document.querySelectorAll("[data-count]").forEach((place) => {
      const count = counts[place.dataset.count] ?? 0;
      place.textContent = count;
      place.hidden = count === 0;
    });
  }

  /** Moves the keyboard mark by one row and returns the row. */
  move(step) {
    const rows = [...this.rows.querySelectorAll(".row")];
    const from = rows.findIndex((row) => row === document.activeElement || row.hasAttribute("data-marked"));
    const opened = rows.findIndex((row) => row.dataset.id === this.opened);
    const at = from >= 0 ? from : opened;
    const row = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    this.#mark(row);
    return row;
  }

  marked() {
    return this.rows.querySelector(".row[data-marked]");
  }

  #mark(row) {
    this.rows.querySelectorAll("[data-marked]").forEach((old) => old.removeAttribute("data-marked"));
    row?.setAttribute("data-marked", "");
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  async #refreshChanged() {
    const ids = [...this.changed];
    this.changed.clear();
    this.timer = null;
    await Promise.all(ids.map((id) => this.#refresh(id)));
  }

  async #refresh(id) {
    const asked = new URLSearchParams(new FormData(this.filters)).toString();
    try {
      const { status, text } = await request(`/console/conversations/${encodeURIComponent(id)}/row?${asked}`);
      if (asked !== new URLSearchParams(new FormData(this.filters)).toString()) return;
      this.#place(id, status === 204 ? null : parse(text).firstElementChild);
    } catch (error) {
      if (error.status === 404) this.#place(id, null);
      else console.info("A row stays as it was until the next event", error);
    }
  }

  #place(id, fresh) {
    const old = document.getElementById(`conversation-${id}`);
    if (fresh === null) return old?.remove();
    if (old === null && this.#belowTheLoaded(fresh)) return undefined;
    const row = old === null ? fresh : window.Idiomorph.morph(old, fresh, { morphStyle: "outerHTML" })[0];
    if (old === null || this.#misplaced(row)) this.#insert(row);
    this.rows.querySelector(".small-nothing")?.remove();
    window.htmx.process(row);
    enhance(this.rows);
    this.showOpened(this.opened);
    return undefined;
  }

  /** A row that belongs to a page not loaded yet comes with that page. */
  #belowTheLoaded(row) {
    const last = [...this.rows.querySelectorAll(".row")].at(-1);
    return this.rows.querySelector(".more") !== null && last !== undefined && order(row) < order(last);
  }

  #misplaced(row) {
    const before = row.previousElementSibling;
    const after = row.nextElementSibling;
    return (before?.matches(".row") && order(before) < order(row)) || (after?.matches(".row") && order(after) > order(row));
  }

  #insert(row) {
    const focused = document.activeElement === row;
    const next = [...this.rows.querySelectorAll(".row")].find((other) => other !== row && order(other) < order(row));
    this.rows.insertBefore(row, next ?? this.rows.querySelector(".more"));
    if (focused) row.focus({ preventScroll: true });
  }
}

function order(row) {
  return Number(row.dataset.order);
}
