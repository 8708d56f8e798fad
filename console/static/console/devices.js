/** A linked phone: the life of its code. */

function countDown() {
  for (const place of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.ceil((new Date(place.dataset.until) - Date.now()) / 1000));
    if (place.textContent !== String(left)) place.textContent = String(left);
  }
}

document.body.addEventListener("htmx:afterSwap", countDown);
countDown();
setInterval(countDown, 1000);
