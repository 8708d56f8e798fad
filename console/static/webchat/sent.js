/**
 * Which messages this browser has sent, told to all its tabs at once. Another tab may see for a moment what localStorage
 * held before (browsers copy it between processes later); a transaction of IndexedDB sees whatever was written before it.
 * Where IndexedDB is refused nothing is known here, and the server keeps one of two equal messages.
 */

const DATABASE = "ramah-sent";
const STORE = "sent";
const FORGET_AFTER_MS = 86_400_000;

export class SentMessages {
  constructor(key) {
    this.prefix = `${key}:`;
    this.opened = null;
  }

  /** Whether some tab of this browser had the message accepted. */
  async has(clientId) {
    return (await this.#quietly("readwrite", (store) => store.get(this.prefix + clientId))) !== undefined;
  }

  /** The server accepted it. Ends when every tab can know. */
  async add(clientId) {
    await this.#quietly("readwrite", (store) => store.put(Date.now(), this.prefix + clientId));
  }

  /** Forgets what was sent long ago: no tab can be so late. */
  async tidy(now = Date.now()) {
    const keys = (await this.#quietly("readonly", (store) => store.getAllKeys())) ?? [];
    for (const key of keys) {
      const at = await this.#quietly("readonly", (store) => store.get(key));
      if (now - at > FORGET_AFTER_MS) await this.#quietly("readwrite", (store) => store.delete(key));
    }
  }

  async #quietly(mode, work) {
    try {
      const transaction = (await this.#open()).transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      await finished(transaction);
      return request.result;
    } catch (error) {
      console.info("This browser does not remember what it sent", error);
      return undefined;
    }
  }

  #open() {
    this.opened ??= new Promise((resolve, reject) => {
      const request = window.indexedDB.open(DATABASE, 1);
      request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error));
    });
    return this.opened;
  }
}

function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
}
