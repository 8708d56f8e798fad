/** Clock times as people type them. */

const DAY = 24 * 60;

/** "8", "830", "08.30" and "8:30" as "08:30"; "" stays, null for what is no time. */
export function canonical(text) {
  const typed = text.trim();
  if (typed === "") return "";
  const minutes = minutesOf(typed);
  if (minutes === null) return null;
  return /^24/.test(typed) ? "24:00" : written(minutes);
}

/** Minutes since midnight (24:00 is 0, as the end of the day), or null. */
export function minutesOf(text) {
  const found = /^(\d{1,2}?)(?:\s*[:.h]?\s*(\d{2}))?$/.exec(text.trim());
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  if (minutes > 59 || hours > 24 || (hours === 24 && minutes > 0)) return null;
  return (hours * 60 + minutes) % DAY;
}

/** The time `step` minutes later, around midnight. */
export function moved(text, step) {
  const minutes = minutesOf(text);
  return minutes === null ? text : written((minutes + step + DAY) % DAY);
}

function written(minutes) {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
