/** Channels and linked phones: times in the reader's zone, the life of a code, and failures in plain words. */

import { enhance, keepMomentsFresh } from "./enhance.js";
import { explain } from "./http.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

function countDown() {
  for (const place of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.ceil((new Date(place.dataset.until) - Date.now()) / 1000));
    if (place.textContent !== String(left)) place.textContent = String(left);
  }
}

document.body.addEventListener("htmx:afterSwap", () => {
  enhance(document.body);
  countDown();
});
document.body.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  if (status === 401) window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname)}`);
  else toast(explain(status, responseText));
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => toast(say("unreachable")));
}

enhance(document.body);
keepMomentsFresh();
countDown();
setInterval(countDown, 1000);
