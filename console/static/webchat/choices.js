/** Buttons under a message: chips when short, cards when they are many or explained. */

import { element } from "./elements.js";

const MOST_CHIPS = 4;
const LONGEST_CHIP = 26;
/** A second tap this soon is a slip of the finger, not a wish. */
const DOUBLE_TAP_MS = 900;

/** The list of choices; onChoose(choice) is called once per meant tap. */
export function choiceList(choices, words, onChoose) {
  const layout = choices.every(isChip) && choices.length <= MOST_CHIPS ? "chips" : "cards";
  const buttons = choices.map((choice) => choiceButton(choice, guarded(onChoose)));
  return element("div", { class: "choices", "data-layout": layout, role: "group", "aria-label": words.say("choose") }, ...buttons);
}

/** Marks the button that was taken and shows earlier groups as past (they can still be tapped). */
export function markPast(log) {
  const entries = [...log.querySelectorAll(".entry")];
  const lastAnswer = entries.findLastIndex((entry) => entry.dataset.from === "customer");
  entries.forEach((entry, index) => {
    entry.querySelector(".choices")?.toggleAttribute("data-past", index < lastAnswer);
  });
}

function isChip(choice) {
  return !choice.description && choice.title.length <= LONGEST_CHIP;
}

function choiceButton(choice, onChoose) {
  const title = element("span", { class: "choice-title", dir: "auto" }, choice.title);
  const description = choice.description
    ? element("span", { class: "choice-description", dir: "auto" }, choice.description)
    : null;
  const button = element("button", { type: "button", class: "choice" }, title, description);
  button.addEventListener("click", () => {
    for (const other of button.parentElement.children) other.toggleAttribute("data-taken", other === button);
    onChoose(choice);
  });
  return button;
}

function guarded(onChoose) {
  let last = -DOUBLE_TAP_MS;
  return (choice) => {
    if (performance.now() - last < DOUBLE_TAP_MS) return;
    last = performance.now();
    onChoose(choice);
  };
}
