/** What the server cannot know: how long ago it is by now; and links and bold inside messages. */

import { richText } from "../shared/richtext.js";
import { clock, relative } from "../shared/when.js";
import { language, zone } from "./words.js";

const WRITERS = {
  clock: (date) => clock(date, language, zone),
  relative: (date) => relative(date, language, zone),
  both: (date) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(date),
  left: (date, time) => left(date, time),
  date: (date) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: zone }).format(date),
};

/** Brings everything under `root` up to date; safe to repeat. */
export function enhance(root) {
  root.querySelectorAll("time[data-moment]").forEach(writeMoment);
  root.querySelectorAll("[data-rich]").forEach((place) => {
    place.replaceChildren(richText(place.textContent));
    place.removeAttribute("data-rich");
  });
}

/** "5 h left to reply"; marked when it is near, and when it is over. */
function left(date, time) {
  const minutes = Math.floor((date - Date.now()) / 60_000);
  time.toggleAttribute("data-near", minutes >= 0 && minutes < 120);
  time.toggleAttribute("data-passed", minutes < 0);
  if (minutes < 0) return time.dataset.over;
  const [value, unit] = minutes < 60 ? [minutes, "minute"] : [Math.floor(minutes / 60), "hour"];
  return `${new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value)} ${time.dataset.until}`;
}

/** "5 min" becomes "6 min" by itself. */
export function keepMomentsFresh() {
  setInterval(() => document.querySelectorAll('time[data-moment="relative"], time[data-moment="left"]').forEach(writeMoment), 30_000);
}

function writeMoment(time) {
  const date = new Date(time.dateTime);
  const text = WRITERS[time.dataset.moment](date, time);
  if (time.textContent !== text) time.textContent = text;
  time.title = date.toLocaleString(language, { timeZone: zone });
}
