/** The banner of open alerts: asked for at once, every half minute, and when something changed hands. */

const EVERY_MS = 30_000;
const TIMEOUT_MS = 10_000;
const place = document.getElementById("alerts");
let shown = "";

async function refresh() {
  try {
    const html = await ask("/console/alerts");
    if (html !== null && html !== shown) show(html);
  } catch (error) {
    console.info("The alerts are asked for again in a moment", error);
  }
}

/** The answer's text, or null when there is none to show (the session is over, the server is busy). */
async function ask(address, body = null) {
  const response = await fetch(address, {
    method: body === null ? "GET" : "POST",
    body,
    headers: { "HX-Request": "true" },
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.ok ? (await response.text()).trim() : null;
}

function show(html) {
  const opened = new Set([...place.querySelectorAll("details[open]")].map((part) => part.closest("[data-alert]").dataset.alert));
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const banner of template.content.querySelectorAll("[data-alert]")) {
    if (opened.has(banner.dataset.alert)) banner.querySelector("details").open = true;
  }
  place.replaceChildren(template.content);
  shown = html;
}

place.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  form.querySelector("button").disabled = true;
  ask(form.action, new URLSearchParams(new FormData(form)))
    .catch((error) => console.info("The alert could not be closed", error))
    .finally(() => {
      shown = "";
      void refresh();
    });
});

document.body.addEventListener("ramah:state", () => void refresh());
setInterval(refresh, EVERY_MS);
void refresh();
