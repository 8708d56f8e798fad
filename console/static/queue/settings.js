/** Divisions by drag or by the arrow buttons; either way the new order is saved at once. */

import { request } from "../console/http.js";
import { toast } from "../console/toast.js";

const list = document.querySelector("[data-order]");
let dragged = null;

function rows() {
  return [...list.children];
}

async function save() {
  const body = new URLSearchParams();
  for (const row of rows()) body.append("ids", row.dataset.division);
  const last = rows().length - 1;
  for (const [index, row] of rows().entries()) {
    row.querySelector('[data-move="-1"]').disabled = index === 0;
    row.querySelector('[data-move="1"]').disabled = index === last;
  }
  try {
    await request("/console/queue/settings/divisions/order", { method: "POST", body });
  } catch (error) {
    toast(error.message);
  }
}

list?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const row = button.closest("[data-division]");
  const other = button.dataset.move === "1" ? row.nextElementSibling : row.previousElementSibling;
  if (!other) return;
  if (button.dataset.move === "1") other.after(row);
  else other.before(row);
  save();
  if (button.disabled) row.querySelector("[data-move]:not(:disabled)")?.focus();
  else button.focus();
});

list?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-division]");
  dragged.toggleAttribute("data-dragged", true);
  event.dataTransfer.effectAllowed = "move";
});

list?.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-division]");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  if (event.clientY > top + height / 2) over.after(dragged);
  else over.before(dragged);
});

list?.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.removeAttribute("data-dragged");
  dragged = null;
  save();
});
