/** Files in a bubble: pictures as pictures, everything else as a card with its name, type and size. */

import { element, icon } from "./elements.js";

const ICONS = { audio: "play", video: "play" };
const BELONGS = new Set(["stored", "local"]);

/** onEnded() is called when a signed address is too old; it resolves to the message with new addresses, or null. */
export function fileList(files, words, onEnded) {
  const cards = files.map((file) => (file.thumbnail_url ? picture(file, words, onEnded) : card(file, words, onEnded)));
  return element("div", { class: "files" }, ...cards);
}

/** "1.2 MB", in the page's language. */
export function sizeOf(bytes, language) {
  const [value, unit] = bytes < 1024 * 1024 ? [Math.max(1, bytes / 1024), "kilobyte"] : [bytes / 1024 / 1024, "megabyte"];
  const digits = unit === "megabyte" && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits }).format(value);
}

/** "PDF", "JPEG": what a person calls the type, from the name, else from the type itself. */
export function typeOf({ name, mime_type: type }) {
  const extension = /\.([a-z0-9]{1,5})$/iu.exec(name ?? "")?.[1];
  return (extension ?? type?.split("/")[1] ?? "").toUpperCase().slice(0, 5);
}

function picture(file, words, onEnded) {
  const image = element("img", { src: file.thumbnail_url, alt: file.name ?? words.say("image"), decoding: "async" });
  image.addEventListener("error", () => isOurs(file.thumbnail_url) && hasEnded(file.thumbnail_url) && onEnded(), { once: true });
  return linked(file, element(file.url ? "a" : "span", { class: "picture" }, image), words, onEnded);
}

function card(file, words, onEnded) {
  const here = BELONGS.has(file.status);
  const missing = file.status === "waiting" ? "file_on_its_way" : "file_unavailable";
  const about = here ? [typeOf(file), file.size ? sizeOf(file.size, words.language) : ""].filter(Boolean).join(" · ") : words.say(missing);
  const name = element("span", { class: "file-name", dir: "auto" }, file.name ?? words.say("file"));
  const text = element("span", { class: "file-text" }, name, element("span", { class: "file-about" }, about));
  const made = element(file.url ? "a" : "span", { class: "file", "data-status": file.status }, icon(ICONS[file.kind] ?? "file"), text);
  return linked(file, made, words, onEnded);
}

function linked(file, made, words, onEnded) {
  if (!file.url) return made;
  made.href = file.url;
  made.target = "_blank";
  made.rel = "noopener";
  made.setAttribute("aria-label", words.say("open_file", { name: file.name ?? words.say("file") }));
  made.addEventListener("click", (event) => {
    if (!hasEnded(file.url)) return;
    event.preventDefault();
    void openRenewed(file, onEnded);
  });
  return made;
}

async function openRenewed(file, onEnded) {
  const message = await onEnded();
  const renewed = message?.files.find((other) => other.id === file.id);
  if (renewed?.url) window.open(renewed.url, "_blank", "noopener");
}

function isOurs(address) {
  return address.startsWith("/media/");
}

/** An address of ours says when it ends: /media/<variant>.<seconds, hexadecimal>.<id>.<signature>. */
export function hasEnded(address, now = Date.now()) {
  const ends = Number.parseInt(address.split(".")[1], 16) * 1000;
  return isOurs(address) && !(ends > now);
}
