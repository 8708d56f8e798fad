/** Requests of the page's own scripts (htmx does its own), with the CSRF header and errors in plain words. */

import { say } from "./words.js";

const TIMEOUT_MS = 20_000;

/** `message` can be shown to the operator as it is; with `ask` it is a question, and the same request may be sent again. */
export class RequestError extends Error {
  constructor(status, message, ask = false) {
    super(message);
    this.status = status;
    this.ask = ask;
  }
}

/** The response's text; "" for 204. Leaves for the login page when the session is over. */
export async function request(address, { method = "GET", body = null } = {}) {
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.body.dataset.csrf };
  const response = await reach(address, { method, body, headers, signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" });
  if (response.status === 401) window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname)}`);
  if (!response.ok) {
    const text = await response.text();
    throw new RequestError(response.status, explain(response.status, text), asks(response.status, text));
  }
  return { status: response.status, text: response.status === 204 ? "" : await response.text() };
}

/** What the server says in {"message": ...}, else a general sentence for the status. */
export function explain(status, body) {
  try {
    const { message } = JSON.parse(body);
    if (typeof message === "string") return message;
  } catch (error) {
    console.info("The error came without words", error);
  }
  return say({ 403: "denied", 404: "missing" }[status] ?? "failed");
}

function asks(status, body) {
  return status === 409 && body.startsWith("{") && JSON.parse(body).ask === true;
}

async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch (error) {
    console.info("No answer", address, error);
    throw new RequestError(0, say("unreachable"));
  }
}

/** Parses a fragment of the server's HTML without running anything in it. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
