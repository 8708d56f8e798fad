/** The page of a person's own settings: asks the browser for leave to notify, and tries the signs out. */

import { makeSound, notify } from "../console/signs.js";

const form = document.querySelector("main form");
const refused = document.getElementById("desktop-refused");
const trial = document.getElementById("try-signs");

/** Whether the computer may show notifications; says why not. */
async function mayNotify() {
  const permission = window.Notification ? await Notification.requestPermission() : "missing";
  refused.hidden = permission === "granted";
  refused.textContent = refused.hidden ? "" : (refused.dataset[permission] ?? refused.dataset.denied);
  return permission === "granted";
}

form.elements.desktop.addEventListener("change", async (event) => {
  if (event.target.checked && !(await mayNotify())) event.target.checked = false;
});

trial.addEventListener("click", async () => {
  if (form.elements.sound.checked) await makeSound("message");
  if (form.elements.desktop.checked && (await mayNotify())) notify(trial.dataset.title, trial.dataset.text);
});
