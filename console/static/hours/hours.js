/** The week's grid: windows come, go and are copied; what changed is previewed by the server. */

import { canonical, minutesOf, moved } from "./clock.js";

const form = document.getElementById("hours");
const specials = document.getElementById("special");

function changed() {
  form.dispatchEvent(new Event("hours-changed"));
  document.getElementById("no-special").hidden = specials.children.length > 0;
  for (const day of form.querySelectorAll("[data-day]")) {
    day.querySelector("[data-closed]").hidden = day.querySelector("[data-window]") !== null;
  }
  for (const one of form.querySelectorAll("[data-window]")) {
    const [opens, closes] = [...one.querySelectorAll("[data-clock]")].map((field) => minutesOf(field.value));
    one.querySelector("[data-overnight]").hidden = opens === null || closes === null || closes === 0 || closes > opens;
  }
}

function addWindow(day, opens = "", closes = "") {
  const fresh = day.querySelector("template").content.cloneNode(true);
  const fields = fresh.querySelectorAll("[data-clock]");
  [fields[0].value, fields[1].value] = [opens, closes];
  day.querySelector(".hours-windows").insertBefore(fresh, day.querySelector("[data-closed]"));
  return fields[0];
}

function copyTo(source, numbers) {
  const windows = [...source.querySelectorAll("[data-window]")].map((one) => [...one.querySelectorAll("[data-clock]")].map((field) => field.value));
  for (const number of numbers) {
    const day = form.querySelector(`[data-day="${number}"]`);
    day.querySelectorAll("[data-window]").forEach((one) => one.remove());
    for (const [opens, closes] of windows) addWindow(day, opens, closes);
  }
}

function addSpecialDay() {
  specials.append(document.getElementById("special-template").content.cloneNode(true));
  specials.lastElementChild.querySelector("input").focus();
}

/** The focus goes on to what stands beside the removed part, never to the top of the page. */
function remove(part) {
  const next = part.nextElementSibling?.querySelector("input") ?? part.previousElementSibling?.querySelector("input");
  const day = part.closest("[data-day]");
  part.remove();
  (next ?? day?.querySelector("[data-add]") ?? form.querySelector("[data-add-special]")).focus();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button]");
  const day = button?.closest("[data-day]");
  if (button === null || button.id === "add-holidays") return;
  if (button.matches("[data-add]")) addWindow(day).focus();
  else if (button.matches("[data-copy]")) copyTo(day, button.dataset.copy.split(","));
  else if (button.matches("[data-add-special]")) addSpecialDay();
  else if (button.matches("[data-remove]")) remove(button.closest("[data-window], [data-special]"));
  changed();
});

form.addEventListener("input", changed);
form.addEventListener("change", (event) => {
  if (!event.target.matches("[data-clock]")) return;
  const read = canonical(event.target.value);
  event.target.toggleAttribute("aria-invalid", read === null);
  if (read === null) event.target.setAttribute("aria-invalid", "true");
  else event.target.value = read;
  changed();
});

form.addEventListener("keydown", (event) => {
  const step = { ArrowUp: 30, ArrowDown: -30 }[event.key];
  if (!step || !event.target.matches("[data-clock]")) return;
  event.preventDefault();
  event.target.value = moved(event.target.value || event.target.placeholder, step);
  changed();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
  event.preventDefault();
  document.activeElement?.blur();
  form.requestSubmit(document.getElementById("save"));
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === specials) changed();
});
