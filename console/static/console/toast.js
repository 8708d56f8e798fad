/** Short notices in the corner. */

const SHOWN_MS = 6000;

/** `action`, where given, is a button: {words, run}. */
export function toast(text, tone = "bad", action = null) {
  const place = document.getElementById("toasts");
  const notice = document.createElement("p");
  notice.className = "toast-line";
  notice.dataset.tone = tone;
  notice.textContent = text;
  if (action) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn", textContent: action.words });
    Object.assign(button.dataset, { size: "sm", variant: "outline" });
    button.addEventListener("click", () => {
      notice.remove();
      action.run();
    });
    notice.append(button);
  }
  place.append(notice);
  setTimeout(() => notice.remove(), SHOWN_MS);
}
