/** A turn explained: opens over the thread by a bubble or its button, copies the story. */

import { enhance } from "../console/enhance.js";
import { parse, request } from "../console/http.js";
import { toast } from "../console/toast.js";

/** Opens the explanation of a turn over the page when its bubble or button is pressed. */
export function explainBubbles(place) {
  const dialog = document.getElementById("why");
  if (!dialog) return;
  place.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-why]") ?? bubbleOf(event.target);
    if (!asked || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void open(dialog, asked.dataset.why ?? asked.closest(".message").querySelector("[data-why]").dataset.why);
  });
  copyStories(dialog);
}

/** Copies what a button with data-copy names. */
export function copyStories(place) {
  place.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    toast(button.dataset.copied, "good");
  });
}

/** The bubble that was clicked, unless its words are being selected or a link, file or button in it was meant. */
function bubbleOf(target) {
  const bubble = target.closest(".bubble");
  const meant = target.closest("a, button, summary, input, textarea") || window.getSelection().toString();
  return bubble && !meant && bubble.closest(".message")?.querySelector("[data-why]") ? bubble : null;
}

async function open(dialog, number) {
  const body = dialog.querySelector("[data-body]");
  body.replaceChildren(dialog.querySelector("template").content.cloneNode(true));
  dialog.querySelector("[data-alone]").href = `/console/why/${number}`;
  if (!dialog.open) dialog.showModal();
  try {
    const { text } = await request(`/console/why/${number}`);
    body.replaceChildren(parse(text));
    enhance(body);
    window.htmx?.process(body);
  } catch (error) {
    dialog.close();
    toast(error.message);
  }
}
