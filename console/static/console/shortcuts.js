/**
 * All keys of the page in one registry, from which the sheet of keys and the command bar are drawn.
 *
 * A shortcut is {keys, label, run, when}: `keys` such as "t", "Shift+Enter" or "g i" (one after the other), `label` in
 * the reader's language, `run` what it does (none for keys that a field handles itself), `when` whether it may act now.
 */

const SEQUENCE_MS = 1200;
const shortcuts = [];
let begun = null;
let timer = null;

/** Adds shortcuts. Of those with the same keys the first that may act now acts; the same one again replaces itself. */
export function register(...added) {
  for (const shortcut of added) {
    const known = shortcuts.findIndex(({ keys, label }) => keys === shortcut.keys && label === shortcut.label);
    if (known >= 0) shortcuts.splice(known, 1, shortcut);
    else shortcuts.push(shortcut);
  }
}

/** What can be done here by name: everything that has something to run and words for it. */
export function commands() {
  return shortcuts.filter(({ run, label, when }) => run && label && (when?.() ?? true));
}

/** The pages of the menu by "g" and their letter. */
export function registerJumps() {
  for (const link of document.querySelectorAll(".rail [data-jump]")) {
    register({ keys: `g ${link.dataset.jump}`, label: link.title, jump: true, run: () => window.location.assign(link.href) });
  }
}

export function listenForShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (inField(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const shortcut = found(event);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  });
}

/** The shortcut that this key completes. A first key of a sequence is remembered for a moment. */
function found(event) {
  const pressed = begun === null ? event.key : `${begun} ${event.key}`;
  clearTimeout(timer);
  begun = null;
  if (shortcuts.some(({ keys, run }) => run && keys.startsWith(`${pressed} `))) {
    begun = pressed;
    timer = setTimeout(() => (begun = null), SEQUENCE_MS);
    return null;
  }
  return shortcuts.find(({ keys, run, when }) => run && keys === pressed && (when?.(event) ?? true)) ?? null;
}

/** Draws the sheet from what is registered, and opens it. */
export function showSheet() {
  const sheet = document.getElementById("keys");
  sheet.querySelector("dl").replaceChildren(...shortcuts.filter(({ label }) => label).map(line));
  sheet.showModal();
}

function line({ keys, label }) {
  const row = document.createElement("div");
  const [term, meaning] = [document.createElement("dt"), document.createElement("dd")];
  for (const key of keys.split(/[ +]/u)) term.append(keycap(key));
  meaning.textContent = label;
  row.append(term, meaning);
  return row;
}

export function keycap(key) {
  const cap = document.createElement("kbd");
  cap.className = "kbd";
  cap.textContent = key === "Escape" ? "Esc" : key;
  return cap;
}

function inField(target) {
  return target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}
