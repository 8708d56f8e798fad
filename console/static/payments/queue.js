/** The queue of slips: j and k move, a asks to approve, r asks to reject; the dialogs' forms post by themselves. */

import { enhance } from "../console/enhance.js";

const slips = [...document.querySelectorAll("[data-slip]")];
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

const ACTS = { j: () => mark(at + 1), k: () => mark(at - 1), a: () => open("approve"), r: () => open("reject") };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || event.target.matches("input, select, textarea")) return;
  const act = ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  event.target.closest("[data-close]")?.closest("dialog").close();
});

for (const [index, slip] of slips.entries()) slip.addEventListener("focusin", () => (at = index));
for (const form of document.querySelectorAll("dialog form")) {
  // A second press while the answer is on its way would be told that somebody was faster.
  form.addEventListener("submit", () => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
}

enhance(document.body);
