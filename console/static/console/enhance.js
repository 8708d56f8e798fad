/** What the server cannot know: the reader's zone and clock, and links and bold inside messages. */

import { richText } from "../shared/richtext.js";
import { clock, relative } from "../shared/when.js";
import { language } from "./words.js";

const WRITERS = {
  clock: (date) => clock(date, language),
  relative: (date) => relative(date, language),
  date: (date) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(date),
};

/** Brings everything under `root` up to date; safe to repeat. */
export function enhance(root) {
  root.querySelectorAll("time[data-moment]").forEach(writeMoment);
  root.querySelectorAll("[data-rich]").forEach((place) => {
    place.replaceChildren(richText(place.textContent));
    place.removeAttribute("data-rich");
  });
}

/** "5 min" becomes "6 min" by itself. */
export function keepMomentsFresh() {
  setInterval(() => document.querySelectorAll('time[data-moment="relative"]').forEach(writeMoment), 30_000);
}

function writeMoment(time) {
  const date = new Date(time.dateTime);
  const text = WRITERS[time.dataset.moment](date);
  if (time.textContent !== text) time.textContent = text;
  time.title = date.toLocaleString(language);
}
