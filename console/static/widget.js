/**
 * The chat on any website: <script src="https://…/static/widget.js" data-key="…" defer></script>
 *
 * data-key    public key of the web chat (required)
 * data-lang   id | ms | en; without it the page's language, else the chat's own default
 * data-accent "#rrggbb" colour of the button
 * data-side   left | right (default right)
 */
(() => {
  const script = document.currentScript;
  const { key, accent, side } = script.dataset;
  const origin = new URL(script.src).origin;
  const known = ["id", "ms", "en"];
  const language = [script.dataset.lang, document.documentElement.lang.slice(0, 2)].find((code) => known.includes(code));
  const labels = {
    id: { open: "Buka chat", close: "Tutup chat" },
    ms: { open: "Buka chat", close: "Tutup chat" },
    en: { open: "Open chat", close: "Close chat" },
  }[language ?? "en"];
  const remembered = `ramah:${key}:open`;
  const phone = window.matchMedia("(max-width: 560px)");

  const style = `
    :host { all: initial; position: fixed; bottom: 0; z-index: 2147483000; color-scheme: light dark; }
    :host([data-side="right"]) { right: 0; } :host([data-side="left"]) { left: 0; }
    button { position: fixed; bottom: calc(20px + env(safe-area-inset-bottom)); width: 60px; height: 60px; border: 0; border-radius: 50%; cursor: pointer;
      display: grid; place-items: center; color: #fff; background: var(--ramah-accent, #0f766e); box-shadow: 0 6px 24px rgb(0 0 0 / 25%); transition: transform .15s; }
    button:hover { transform: scale(1.05); } button:focus-visible { outline: 3px solid #38bdf8; outline-offset: 3px; }
    :host([data-side="right"]) :is(button, iframe) { right: 20px; } :host([data-side="left"]) :is(button, iframe) { left: 20px; }
    svg { width: 28px; height: 28px; }
    b { position: absolute; top: -2px; right: -2px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box; border-radius: 11px; background: #dc2626; color: #fff; font: 700 12px/22px system-ui, sans-serif; }
    [hidden] { display: none !important; }
    iframe { position: fixed; bottom: calc(92px + env(safe-area-inset-bottom)); width: 400px; height: min(680px, calc(100dvh - 116px)); border: 0; border-radius: 18px; box-shadow: 0 12px 48px rgb(0 0 0 / 28%); background: transparent; }
    @media (max-width: 560px) {
      :host :is(iframe, iframe) { inset: 0 !important; width: 100%; height: 100dvh; border-radius: 0; }
      :host([data-open]) button { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { button { transition: none; } }`;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  host.dataset.side = side === "left" ? "left" : "right";
  if (/^#[0-9a-f]{6}$/i.test(accent ?? "")) host.style.setProperty("--ramah-accent", accent);

  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  const badge = document.createElement("b");
  badge.hidden = true;
  button.append(drawing("M12 3C6.9 3 3 6.6 3 11c0 2.5 1.3 4.7 3.3 6.2L5.7 21l4-2.1c.7.1 1.5.2 2.3.2 5.1 0 9-3.6 9-8.1S17.1 3 12 3zM8 11.5c1 2 2.4 3 4 3s3-1 4-3"), badge);
  root.append(button);

  let frame = null;
  let unseen = 0;

  function drawing(path) {
    const namespace = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(namespace, "svg");
    const line = document.createElementNS(namespace, "path");
    const look = { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "1.9", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
    Object.entries(look).forEach(([name, value]) => svg.setAttribute(name, value));
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  function isOpen() {
    return host.hasAttribute("data-open");
  }

  function show(open, { focus = true } = {}) {
    frame ??= makeFrame();
    frame.hidden = !open;
    host.toggleAttribute("data-open", open);
    remember(open);
    if (open) unseen = 0;
    draw();
    if (focus) (open ? frame : button).focus();
  }

  function makeFrame() {
    const made = document.createElement("iframe");
    const address = new URL(`/chat/${encodeURIComponent(key)}`, origin);
    address.searchParams.set("embed", "1");
    if (language) address.searchParams.set("lang", language);
    made.src = address.href;
    made.title = "Chat";
    root.insertBefore(made, button);
    return made;
  }

  function draw() {
    const label = isOpen() ? labels.close : labels.open;
    button.setAttribute("aria-label", unseen > 0 ? `${label} (${unseen})` : label);
    button.setAttribute("aria-expanded", String(isOpen()));
    badge.hidden = unseen === 0;
    badge.textContent = unseen > 9 ? "9+" : String(unseen);
  }

  function remember(open) {
    try {
      sessionStorage.setItem(remembered, open ? "1" : "0");
    } catch (error) {
      console.info("The chat button forgets its state on this page", error);
    }
  }

  function wasOpen() {
    try {
      return sessionStorage.getItem(remembered) === "1";
    } catch (error) {
      console.info("The chat button forgets its state on this page", error);
      return false;
    }
  }

  button.addEventListener("click", () => show(!isOpen()));
  host.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) show(false);
  });
  window.addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame?.contentWindow) return;
    if (event.data?.ramah === "close") show(false);
    if (event.data?.ramah === "message" && !isOpen()) {
      unseen += 1;
      draw();
    }
  });

  draw();
  document.body.append(host);
  if (wasOpen() && !phone.matches) show(true, { focus: false });
})();
