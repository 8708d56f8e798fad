/** The calls of the web chat API. */

const TIMEOUT_MS = 15_000;
const UPLOAD_TIMEOUT_MS = 600_000;

/** The server answered, but not with success. `retryAfter` is in milliseconds or null. */
export class HttpError extends Error {
  constructor(response) {
    super(`HTTP ${response.status}`);
    this.status = response.status;
    const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    this.retryAfter = Number.isNaN(seconds) ? null : seconds * 1000;
  }

  get unauthorised() {
    return this.status === 401;
  }

  /** True when the same request may succeed later. */
  get passing() {
    return this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }
}

export class ChatApi {
  constructor(key) {
    this.base = `/api/webchat/${encodeURIComponent(key)}`;
    this.token = null;
  }

  /** {token, messages, position}; a known token continues its session. */
  openSession(token, language) {
    return this.#json("/session", { method: "POST", body: JSON.stringify({ token, language }) });
  }

  /** The accepted message; repeating the same client_id sends nothing twice. */
  async send({ client_id, text, payload }) {
    const body = JSON.stringify({ client_id, text, payload: payload ?? null });
    return (await this.#json("/messages", { method: "POST", body })).message;
  }

  /** The same for a file (fetch tells no progress of what goes up). onProgress(0..1). */
  sendFile({ client_id, text, file }, blob, { onProgress, signal }) {
    const form = new FormData();
    form.append("client_id", client_id);
    form.append("text", text);
    form.append("file", blob, file.name);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.base}/files`);
      Object.entries(this.#headers()).forEach(([name, value]) => request.setRequestHeader(name, value));
      request.timeout = UPLOAD_TIMEOUT_MS;
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
      request.addEventListener("load", () => settle(request, resolve, reject));
      for (const name of ["error", "timeout", "abort"]) request.addEventListener(name, () => reject(new Error(`upload: ${name}`)));
      signal.addEventListener("abort", () => request.abort());
      request.send(form);
    });
  }

  async messagesAfter(position) {
    return (await this.#json(`/messages?after=${position}`, { method: "GET" })).messages;
  }

  /** The open event stream; reading it is the caller's. */
  async stream(position, signal) {
    const headers = { ...this.#headers(), Accept: "text/event-stream" };
    const response = await fetch(`${this.base}/stream?after=${position}`, { headers, signal, cache: "no-store" });
    if (!response.ok) throw new HttpError(response);
    return response.body;
  }

  async #json(path, options) {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const headers = { ...this.#headers(), "Content-Type": "application/json" };
    const response = await fetch(this.base + path, { ...options, headers, signal, cache: "no-store" });
    if (!response.ok) throw new HttpError(response);
    return response.json();
  }

  #headers() {
    return this.token === null ? {} : { Authorization: `Bearer ${this.token}` };
  }
}

function settle(request, resolve, reject) {
  const message = request.response?.message;
  if (request.status === 202 && message) resolve(message);
  else reject(new HttpError({ status: request.status, headers: { get: (name) => request.getResponseHeader(name) } }));
}
