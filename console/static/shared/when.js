/** Times and days as people read them, in the language of the page. */

/** "14:05", or "14.05" where the language writes it so. */
export function clock(date, language) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
}

/** "Today", "Yesterday", else the date; the year only when it is another one. */
export function dayLabel(date, language, now = new Date()) {
  const days = Math.round((startOfDay(date) - startOfDay(now)) / 86_400_000);
  if (days === 0 || days === -1) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
    return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
  }
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year }).format(date);
}

/** A key that two dates share when they fall on the same local day. */
export function dayKey(date) {
  return String(startOfDay(date));
}

/** "now", "5 min", "3 h", then the day: short, for lists. */
export function relative(date, language, now = new Date()) {
  const minutes = Math.floor((now - date) / 60_000);
  if (minutes < 1) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
  if (minutes < 60) return unit(minutes, "minute", language);
  if (minutes < 24 * 60) return unit(Math.floor(minutes / 60), "hour", language);
  if (minutes < 7 * 24 * 60) return unit(Math.floor(minutes / 1440), "day", language);
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short" }).format(date);
}

function unit(value, name, language) {
  return new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
