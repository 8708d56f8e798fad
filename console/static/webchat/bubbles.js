/** One message as it stands on the page. */

import { richText } from "../shared/richtext.js";
import { clock } from "../shared/when.js";
import { choiceList } from "./choices.js";
import { element, icon, spoken } from "./elements.js";

const STATUS_ICONS = {
  sending: "clock", waiting: "clock", sent: "check", delivered: "checks", read: "checks", failed: "alert",
};
const LADDER = ["failed", "sending", "waiting", "sent", "delivered", "read"];

/** actions: onChoose(choice). Returns the entry's element; `showStatus` keeps it up to date. */
export function bubble(message, words, actions) {
  const from = message.from ?? "customer";
  const entry = element("div", { class: "entry", "data-from": from });
  entry.append(from === "system" ? notice(message) : balloon(message, words));
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

/** Show how far a message of the customer has come; retry and remove appear when it failed. */
export function showStatus(entry, status, words, { onRetry, onRemove } = {}) {
  entry.dataset.status = status;
  const place = entry.querySelector(".status");
  place.replaceChildren(icon(STATUS_ICONS[status]), statusText(status, words));
  entry.querySelector(".repair")?.remove();
  if (status === "failed" && onRetry) entry.append(repair(words, onRetry, onRemove));
}

/** The same for what the server tells: late news of an earlier step changes nothing. */
export function raiseStatus(entry, status, words) {
  if (LADDER.indexOf(status) < LADDER.indexOf(entry.dataset.status) && status !== "failed") return;
  showStatus(entry, status, words);
}

function statusText(status, words) {
  const visible = status === "failed" || status === "waiting";
  return visible ? element("span", {}, words.say(status)) : spoken(words.say(status));
}

function notice(message) {
  return element("p", { class: "notice", dir: "auto" }, richText(message.text));
}

function balloon(message, words) {
  const who = message.from === "customer" ? words.say("you") : (message.author ?? words.assistant);
  const author = message.from === "staff" ? element("p", { class: "author", dir: "auto" }, who) : spoken(`${who}: `);
  const text = message.text ? element("div", { class: "text", dir: "auto" }, richText(message.text)) : null;
  return element("div", { class: "bubble" }, author, picture(message.image_url, words), text);
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

function repair(words, onRetry, onRemove) {
  const retry = element("button", { type: "button", class: "link" }, icon("retry"), words.say("retry"));
  const remove = element("button", { type: "button", class: "link" }, words.say("remove"));
  retry.addEventListener("click", onRetry);
  remove.addEventListener("click", onRemove);
  return element("p", { class: "repair" }, retry, remove);
}
