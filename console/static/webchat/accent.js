/** The organisation's colour, and black or white on it, whichever reads better (WCAG relative luminance). */
export function applyAccent(page) {
  const colour = page.dataset.accent;
  if (!/^#[0-9a-f]{6}$/iu.test(colour ?? "")) return;
  const root = document.documentElement.style;
  root.setProperty("--accent", colour);
  root.setProperty("--on-accent", luminance(colour) > 0.36 ? "#111111" : "#ffffff");
}

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((start) => linear(Number.parseInt(colour.slice(start, start + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(part) {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
