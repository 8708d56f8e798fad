/** The forms in front of the desk: one submit at a time, and the button returns when the throttle is over. */
const form = document.getElementById("login-form");
const throttled = document.querySelector("[data-wait]");

// Some of these pages only tell something, and have no form.
if (form) watch(form.querySelector("button"));

function watch(button) {
  form.addEventListener("submit", () => {
    button.disabled = true;
  });
  // Coming back by the browser's back button shows the old page as it was left.
  window.addEventListener("pageshow", () => {
    if (!throttled) button.disabled = false;
  });
  if (throttled) {
    setTimeout(() => {
      throttled.remove();
      button.disabled = false;
    }, Number(throttled.dataset.wait) * 1000);
  }
}
