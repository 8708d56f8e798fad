/** Lines between the days of a thread. */

import { dayKey, dayLabel } from "../shared/when.js";
import { language, zone } from "./words.js";

export function drawDays(messages) {
  messages.querySelectorAll(".day").forEach((line) => line.remove());
  let last = null;
  for (const message of messages.querySelectorAll(".message")) {
    const date = new Date(message.dataset.at);
    if (dayKey(date, zone) !== last) message.before(line(dayLabel(date, language, zone)));
    last = dayKey(date, zone);
  }
}

function line(text) {
  const element = document.createElement("p");
  element.className = "day";
  element.append(Object.assign(document.createElement("span"), { textContent: text }));
  return element;
}
