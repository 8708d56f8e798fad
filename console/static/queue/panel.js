/** The queue panel: n takes the next customer; open menus stay open while the page refreshes itself. */

const panel = document.getElementById("queue");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || event.target.matches("input, select, textarea")) return;
  if (event.key !== "n") return;
  event.preventDefault();
  document.querySelector("[data-next]").click();
});

/** Somebody who is choosing where to pass a customer on must not lose the menu under their hands. */
panel.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target === panel && panel.querySelector("details[open]")) event.preventDefault();
});
