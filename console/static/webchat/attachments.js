/** Choosing files: by the button, by pasting, by dropping. They stand in a tray above the box until they are sent. */

import { element, icon } from "./elements.js";
import { sizeOf, typeOf } from "./files.js";
import { previewOf } from "./preview.js";

const MOST_FILES = 10;
/** Where a page does not ask for HEIC, iPhones hand out JPEG by themselves, which every screen can show. */
const NOT_ASKED_FOR = /heic|heif/u;

export class Attachments {
  constructor(page, words) {
    this.tray = page.querySelector("#tray");
    this.trouble = page.querySelector("#trouble");
    this.curtain = page.querySelector("#drop");
    this.input = page.querySelector("#files");
    this.button = page.querySelector("#attach");
    this.words = words;
    this.limit = Number(page.dataset.fileLimit);
    this.accepted = page.dataset.accept.split(",");
    this.input.accept = this.accepted.filter((type) => !NOT_ASKED_FOR.test(type)).join(",");
    this.chosen = [];
    this.onChange = () => {};
    this.button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => this.#picked());
    document.addEventListener("paste", (event) => this.#pasted(event));
    this.#catchDrops(page);
  }

  get empty() {
    return this.chosen.length === 0;
  }

  /** The chosen files, {file, drawn}; `drawn` resolves to a small picture or null. The tray is empty afterwards. */
  take() {
    const taken = this.chosen;
    this.chosen = [];
    this.tray.replaceChildren();
    this.#changed();
    return taken;
  }

  #picked() {
    this.#choose([...this.input.files]);
    this.input.value = "";
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.#choose(files);
  }

  /** A drag enters and leaves every element on its way, so that only their difference says whether it is over the page. */
  #catchDrops(page) {
    let depth = 0;
    const show = (on) => {
      this.curtain.hidden = !on;
      if (!on) depth = 0;
    };
    const withFiles = (handle) => (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      handle(event);
    };
    page.addEventListener("dragenter", withFiles(() => show((depth += 1) > 0)));
    page.addEventListener("dragleave", withFiles(() => show((depth -= 1) > 0)));
    page.addEventListener("dragover", withFiles(() => {}));
    page.addEventListener("drop", withFiles((event) => {
      show(false);
      this.#choose([...event.dataTransfer.files]);
    }));
  }

  #choose(files) {
    const wrong = files.map((file) => this.#fault(file)).find((fault) => fault !== null);
    const right = files.filter((file) => this.#fault(file) === null).slice(0, MOST_FILES - this.chosen.length);
    const tooMany = files.length + this.chosen.length > MOST_FILES;
    this.#complain(wrong ?? (tooMany ? this.words.say("too_many_files", { count: MOST_FILES }) : ""));
    right.forEach((file) => void this.#take(file));
  }

  #fault(file) {
    if (file.size === 0) return this.words.say("file_empty");
    if (file.size > this.limit) return this.words.say("file_too_large", { limit: sizeOf(this.limit, this.words.language) });
    const extension = `.${file.name.split(".").pop().toLowerCase()}`;
    return this.accepted.includes(extension) || this.accepted.includes(file.type) ? null : this.words.say("file_type");
  }

  /** The picture takes the sign's place alone: a chip that were drawn anew would lose the focus of whoever is on its button. */
  async #take(file) {
    const entry = { file, drawn: previewOf(file), look: icon("file") };
    entry.chip = this.#chip(entry);
    this.chosen.push(entry);
    this.tray.append(entry.chip);
    this.#changed();
    const preview = await entry.drawn;
    if (preview) entry.look.replaceWith(element("img", { src: preview, alt: "" }));
  }

  #remove(entry) {
    this.chosen = this.chosen.filter((other) => other !== entry);
    entry.chip.remove();
    this.#changed();
    (this.tray.querySelector("button") ?? this.button).focus();
  }

  #complain(text) {
    this.trouble.hidden = text === "";
    this.trouble.textContent = text;
  }

  #changed() {
    this.tray.hidden = this.empty;
    if (this.empty) this.#complain("");
    this.onChange();
  }

  #chip(entry) {
    const { file, look } = entry;
    const remove = element("button", { type: "button", class: "chip-remove", "aria-label": this.words.say("remove_file", { name: file.name }) }, icon("close"));
    remove.addEventListener("click", () => this.#remove(entry));
    const about = [typeOf({ name: file.name, mime_type: file.type }), sizeOf(file.size, this.words.language)].filter(Boolean).join(" · ");
    const name = element("span", { class: "file-name", dir: "auto" }, file.name);
    return element("li", { class: "chip" }, look, element("span", { class: "file-text" }, name, element("span", { class: "file-about" }, about)), remove);
  }
}
