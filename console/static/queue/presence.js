/** Tells the server every 20 seconds that this page is open, and whether its person did something meanwhile. */

const EVERY_MS = 20_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"];
let active = true;

async function beat() {
  const body = JSON.stringify({ active });
  active = false;
  const headers = { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  try {
    await fetch("/api/app/presence", { method: "POST", body, headers, cache: "no-store" });
  } catch (error) {
    console.info("The heartbeat did not arrive", error);
  }
}

for (const sign of SIGNS) addEventListener(sign, () => (active = true), { passive: true, capture: true });
beat();
setInterval(beat, EVERY_MS);
