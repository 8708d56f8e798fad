/** Times and days as people read them, in the language of the page. A `zone` left out is the reader's own. */

/** "14:05", or "14.05" where the language writes it so. */
export function clock(date, language, zone) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(date);
}

/** "Today", "Yesterday", else the date; the year only when it is another one. */
export function dayLabel(date, language, zone, now = new Date()) {
  const days = (Date.parse(dayKey(date, zone)) - Date.parse(dayKey(now, zone))) / 86_400_000;
  if (days === 0 || days === -1) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
    return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
  }
  const year = dayKey(date, zone).slice(0, 4) === dayKey(now, zone).slice(0, 4) ? undefined : "numeric";
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year, timeZone: zone }).format(date);
}

/** The day as "2026-11-21". Swedes write it so. */
export function dayKey(date, zone) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(date);
}

/** "now", "5 min", "3 h", then the day: short, for lists. */
export function relative(date, language, zone, now = new Date()) {
  const minutes = Math.floor((now - date) / 60_000);
  if (minutes < 1) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
  if (minutes < 60) return unit(minutes, "minute", language);
  if (minutes < 24 * 60) return unit(Math.floor(minutes / 60), "hour", language);
  if (minutes < 7 * 24 * 60) return unit(Math.floor(minutes / 1440), "day", language);
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: zone }).format(date);
}

function unit(value, name, language) {
  return new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
}
