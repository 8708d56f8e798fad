import { HttpError } from "./api.js";

/** Opens the session of this browser, the same one in every tab, and renews it when the server refuses the token. */
export class Session {
  constructor({ api, storage, key, language }) {
    Object.assign(this, { api, storage, key, language });
    this.opening = null;
  }

  /** {token, messages, position}. Calls at the same time share one request. */
  open() {
    this.opening ??= this.#exclusively(() => this.#request()).finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  /** Two tabs opened together must not make two sessions; locks exist on secure pages only. */
  #exclusively(work) {
    return navigator.locks ? navigator.locks.request(`ramah:${this.key}:session`, work) : work();
  }

  async #request() {
    const opened = await this.#opened();
    this.storage.token = opened.token;
    this.api.token = opened.token;
    return opened;
  }

  /** A token that the server no longer knows is dropped, and the chat begins anew. */
  async #opened() {
    try {
      return await this.api.openSession(this.storage.token, this.language);
    } catch (error) {
      if (!(error instanceof HttpError) || !error.unauthorised) throw error;
      return this.api.openSession(null, this.language);
    }
  }
}
