/** The queue of slips: j and k move, a asks to approve, r asks to reject; the dialogs' forms post by themselves. */

import { register } from "../console/shortcuts.js";

const slips = [...document.querySelectorAll("[data-slip]")];
const words = JSON.parse(document.getElementById("queue-keys").dataset.words);
let at = slips.length ? 0 : -1;

function mark(index) {
  if (!slips.length) return;
  at = Math.max(0, Math.min(slips.length - 1, index));
  for (const slip of slips) slip.toggleAttribute("data-marked", slip === slips[at]);
  slips[at].focus({ preventScroll: true });
  slips[at].scrollIntoView({ block: "nearest" });
}

function open(name) {
  document.getElementById(`${name}-${slips[at]?.dataset.slip}`)?.showModal();
}

function canDecide(name) {
  return document.getElementById(`${name}-${slips[at]?.dataset.slip}`) !== null;
}

register(
  { keys: "j", label: words.next, run: () => mark(at + 1) },
  { keys: "k", label: words.previous, run: () => mark(at - 1) },
  { keys: "a", label: words.approve, run: () => open("approve"), when: () => canDecide("approve") },
  { keys: "r", label: words.reject, run: () => open("reject"), when: () => canDecide("reject") },
);

for (const [index, slip] of slips.entries()) slip.addEventListener("focusin", () => (at = index));
for (const form of document.querySelectorAll("[data-slip] dialog form")) {
  // A second press while the answer is on its way would be told that somebody was faster.
  form.addEventListener("submit", () => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
}
