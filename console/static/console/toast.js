/** Short notices in the corner. */

const SHOWN_MS = 6000;

export function toast(text, tone = "bad") {
  const place = document.getElementById("toasts");
  const notice = document.createElement("p");
  notice.className = "toast-line";
  notice.dataset.tone = tone;
  notice.textContent = text;
  place.append(notice);
  setTimeout(() => notice.remove(), SHOWN_MS);
}
