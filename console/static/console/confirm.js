/** Asks before something final, in the page's own dialog instead of the browser's. */
export function askBeforeFinal() {
  const dialog = document.getElementById("confirm");
  document.body.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    dialog.querySelector("#confirm-text").textContent = event.detail.question;
    dialog.returnValue = "no";
    dialog.showModal();
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && event.detail.issueRequest(true), { once: true });
  });
}
