/** The keys of the inbox. */

import { register } from "./shortcuts.js";
import { say } from "./words.js";

export function registerKeys({ list, desk, acting, selection }) {
  const offers = (action) => () => desk.place.querySelector(`[data-action="${action}"]:not(:disabled)`) !== null;
  register(
    { keys: "j", label: say("key_next"), run: () => list.move(1) },
    { keys: "k", label: say("key_previous"), run: () => list.move(-1) },
    { keys: "Enter", label: say("key_open"), run: () => list.marked()?.click(), when: (event) => onlyTheRow(event, list) },
    { keys: "t", label: say("key_take"), run: () => desk.press("take"), when: offers("take") },
    { keys: "r", label: say("key_release"), run: () => desk.press("release"), when: offers("release") },
    { keys: "d", label: say("key_close"), run: () => desk.press("close"), when: offers("close") },
    { keys: "a", label: say("key_approve"), run: () => desk.press("approve"), when: offers("approve") },
    { keys: "e", label: say("key_change"), run: () => desk.place.querySelector("[data-proposal] textarea")?.focus(), when: offers("approve") },
    { keys: "x", label: say("key_discard"), run: () => desk.press("discard"), when: offers("discard") },
    { keys: "a", label: say("key_assign"), run: () => acting.pick("assign"), when: () => !offers("approve")() },
    { keys: "x", label: say("key_select"), run: () => selection.toggle(list.marked()?.dataset.id ?? desk.thread?.id), when: () => !offers("discard")() },
    { keys: "l", label: say("key_label"), run: () => acting.pick("label") },
    { keys: "z", label: say("key_snooze"), run: () => acting.pick("snooze") },
    { keys: "n", label: say("key_note"), run: () => desk.notes?.toggle() },
    { keys: "c", label: say("key_write"), run: () => desk.composer?.focus() },
    { keys: "Shift+Enter", label: say("key_line") },
    { keys: "i", label: say("key_side"), run: () => desk.toggleSide() },
    { keys: "/", label: say("key_search"), run: () => document.getElementById("search").select() },
    { keys: "Escape", label: say("key_leave"), run: () => desk.escape() },
  );
}

/** Enter on a button or link is theirs. From the command bar it opens the marked row, where there is one. */
function onlyTheRow(event, list) {
  const marked = list.marked();
  return marked !== null && (!event || event.target === marked || event.target === document.body);
}
