/** The command bar (Ctrl or Cmd and K): pages, actions of this page, and customers found by name, number or plate. */

import { request } from "./http.js";
import { commands, keycap } from "./shortcuts.js";
import { say } from "./words.js";

const SEARCH_DELAY_MS = 180;
const SHORTEST_SEARCH = 2;

export class CommandBar {
  constructor(dialog) {
    this.dialog = dialog;
    this.field = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.status = dialog.querySelector("[role=status]");
    this.found = [];
    this.at = 0;
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (event) => this.#pressed(event));
    this.list.addEventListener("click", (event) => this.#choose(Number(event.target.closest("[role=option]")?.dataset.at)));
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      this.open();
    });
  }

  open() {
    if (this.dialog.open) return;
    this.field.value = "";
    this.people = [];
    this.#draw();
    this.dialog.showModal();
  }

  #typed() {
    this.at = 0;
    this.#draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#search(this.field.value.trim()), SEARCH_DELAY_MS);
  }

  async #search(words) {
    if (words.length < SHORTEST_SEARCH) return this.#showPeople(words, []);
    try {
      const { text } = await request(`/console/find?q=${encodeURIComponent(words)}`);
      return this.#showPeople(words, JSON.parse(text).found);
    } catch (error) {
      console.info("The search is asked again with the next letter", error);
      return undefined;
    }
  }

  #showPeople(words, people) {
    if (words !== this.field.value.trim()) return;
    this.people = people.map(({ label, detail, path }) => ({ label, detail, run: () => window.location.assign(path) }));
    this.#draw();
  }

  #draw() {
    const words = this.field.value.trim().toLocaleLowerCase();
    const own = commands().filter(({ label }) => label.toLocaleLowerCase().includes(words));
    this.found = [...own, ...this.people];
    this.at = Math.max(0, Math.min(this.at, this.found.length - 1));
    this.list.replaceChildren(...this.found.map((entry, index) => this.#option(entry, index)));
    this.status.textContent = this.found.length ? say("command_found").replace("%n", this.found.length) : say("command_none");
    this.#mark();
  }

  #option({ label, detail, keys }, index) {
    const option = document.createElement("li");
    option.id = `command-${index}`;
    option.dataset.at = index;
    option.setAttribute("role", "option");
    const words = document.createElement("span");
    words.textContent = label;
    option.append(words);
    if (detail) {
      const more = document.createElement("small");
      more.textContent = detail;
      option.append(more);
    }
    for (const key of keys?.split(/[ +]/u) ?? []) option.append(keycap(key));
    return option;
  }

  #mark() {
    for (const option of this.list.children) option.setAttribute("aria-selected", String(Number(option.dataset.at) === this.at));
    const marked = this.list.children[this.at];
    if (marked) this.field.setAttribute("aria-activedescendant", marked.id);
    else this.field.removeAttribute("aria-activedescendant");
    marked?.scrollIntoView({ block: "nearest" });
  }

  #pressed(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.found.length) {
      event.preventDefault();
      this.at = (this.at + steps[event.key] + this.found.length) % this.found.length;
      this.#mark();
    }
    if (event.key === "Enter") {
      event.preventDefault();
      this.#choose(this.at);
    }
  }

  #choose(index) {
    const entry = this.found[index];
    if (!entry) return;
    this.dialog.close();
    entry.run();
  }
}
