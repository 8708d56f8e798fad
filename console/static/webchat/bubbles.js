/** One message as it stands on the page. */

import { richText } from "../shared/richtext.js";
import { clock } from "../shared/when.js";
import { choiceList } from "./choices.js";
import { element, icon, spoken } from "./elements.js";
import { fileList } from "./files.js";

const STATUS_ICONS = {
  sending: "clock", waiting: "clock", sent: "check", delivered: "checks", read: "checks", failed: "alert",
};
const LADDER = ["failed", "sending", "waiting", "sent", "delivered", "read"];

/** actions: onChoose(choice), onEnded(position). Returns the entry's element; `showStatus` keeps it up to date. */
export function bubble(message, words, actions) {
  const from = message.from ?? "customer";
  const entry = element("div", { class: "entry", "data-from": from });
  entry.append(from === "system" ? notice(message) : balloon(message, words, actions));
  if (message.choices?.length) entry.append(choiceList(message.choices, words, actions.onChoose));
  if (from !== "system") entry.append(meta(message, words));
  place(entry, message);
  if (from === "customer") showStatus(entry, message.status ?? "sent", words);
  return entry;
}

/** Give an entry the server's number and time of its message. */
export function place(entry, message) {
  if (message.position) entry.dataset.position = message.position;
  entry.dataset.at = message.at;
}

/** Draw the files of a message again: their addresses were renewed, or the server has them now. */
export function showFiles(entry, message, words, actions) {
  entry.querySelector(".files")?.replaceWith(...files(message, words, actions));
}

/**
 * Show how far a message of the customer has come. `reason` is a word for why it failed; repairs are what the person
 * can do: {onRetry, onRemove, onCancel}, null for what makes no sense.
 */
export function showStatus(entry, status, words, { reason = "failed", ...repairs } = {}) {
  entry.dataset.status = status;
  const place = entry.querySelector(".status");
  place.replaceChildren(icon(STATUS_ICONS[status]), statusText(status, reason, words));
  entry.querySelector(".repair")?.remove();
  if (status !== "sending") entry.querySelector(".progress")?.remove();
  if (Object.values(repairs).some(Boolean)) (status === "failed" ? entry : place.parentElement).append(repair(words, repairs));
}

/** How much of a file has gone up, 0..1. */
export function showProgress(entry, part, words, name) {
  const bar = entry.querySelector(".progress") ?? element("progress", { class: "progress", max: 1, "aria-label": words.say("uploading", { name }) });
  bar.value = part;
  if (!bar.isConnected) entry.querySelector(".meta").before(bar);
}

/** The same for what the server tells: late news of an earlier step changes nothing. */
export function raiseStatus(entry, status, words) {
  if (LADDER.indexOf(status) < LADDER.indexOf(entry.dataset.status) && status !== "failed") return;
  showStatus(entry, status, words);
}

function statusText(status, reason, words) {
  const visible = status === "failed" || status === "waiting";
  const text = words.say(status === "failed" ? reason : status);
  return visible ? element("span", {}, text) : spoken(text);
}

function files(message, words, { onEnded }) {
  return message.files?.length ? [fileList(message.files, words, () => onEnded(message.position))] : [];
}

function notice(message) {
  return element("p", { class: "notice", dir: "auto" }, richText(message.text));
}

function balloon(message, words, actions) {
  const who = message.from === "customer" ? words.say("you") : (message.author ?? words.assistant);
  const author = message.from === "staff" ? element("p", { class: "author", dir: "auto" }, who) : spoken(`${who}: `);
  const text = message.text ? element("div", { class: "text", dir: "auto" }, richText(message.text)) : null;
  return element("div", { class: "bubble" }, author, picture(message.image_url, words), ...files(message, words, actions), text);
}

function picture(address, words) {
  if (!address || !/^(https?:\/\/|\/(?!\/))/iu.test(address)) return null;
  const image = element("img", { src: address, alt: words.say("image"), loading: "lazy", decoding: "async" });
  return element("a", { class: "picture", href: address, target: "_blank", rel: "noopener noreferrer" }, image);
}

function meta(message, words) {
  const date = new Date(message.at);
  const time = element("time", { datetime: message.at, title: date.toLocaleString(words.language) });
  time.textContent = clock(date, words.language);
  const status = message.from === "customer" ? element("span", { class: "status" }) : null;
  return element("p", { class: "meta" }, time, status);
}

function repair(words, { onRetry, onRemove, onCancel }) {
  const ways = [["retry", onRetry], ["remove", onRemove], ["cancel", onCancel]].filter(([, act]) => act);
  return element("span", { class: "repair" }, ...ways.map(([name, act]) => way(words, name, act)));
}

function way(words, name, act) {
  const button = element("button", { type: "button", class: "link" }, name === "retry" ? icon("retry") : null, words.say(name));
  button.addEventListener("click", act);
  return button;
}
