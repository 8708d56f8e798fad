/** The keyboard. Letters act only while no field has the focus. */

export function listenForKeys({ list, desk }) {
  const sheet = document.getElementById("keys");
  document.getElementById("open-keys").addEventListener("click", () => sheet.showModal());

  const acts = {
    j: () => list.move(1),
    k: () => list.move(-1),
    Enter: () => list.marked()?.click(),
    t: () => desk.press("take"),
    r: () => desk.press("release"),
    c: () => desk.composer?.focus(),
    i: () => desk.toggleSide(),
    "/": () => document.getElementById("search").select(),
    "?": () => sheet.showModal(),
    Escape: () => desk.escape(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (inField(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Enter" && event.target !== list.marked() && event.target !== document.body) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function inField(target) {
  return target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}
