/**
 * Files that wait to be sent, kept in this browser (IndexedDB) so that they survive a reload. Where that is refused
 * they are kept in memory, and a reload asks for them again.
 */

const DATABASE = "ramah";
const STORE = "files";
const FORGET_AFTER_MS = 7 * 86_400_000;

export class WaitingFiles {
  constructor(key) {
    this.prefix = `${key}:`;
    this.memory = new Map();
    this.opened = null;
  }

  async put(clientId, blob) {
    this.memory.set(clientId, blob);
    await this.#quietly("readwrite", (store) => store.put({ blob, at: Date.now() }, this.prefix + clientId));
  }

  /** The file with its content in memory, or null when this browser has it no more (deleted or changed on the disk). */
  async get(clientId) {
    const found = this.memory.get(clientId) ?? (await this.#quietly("readonly", (store) => store.get(this.prefix + clientId)))?.blob;
    if (!found) return null;
    try {
      return new Blob([await found.arrayBuffer()], { type: found.type });
    } catch (error) {
      console.info("A chosen file cannot be read any more", error);
      return null;
    }
  }

  async drop(clientId) {
    this.memory.delete(clientId);
    await this.#quietly("readwrite", (store) => store.delete(this.prefix + clientId));
  }

  /** Forgets files whose messages are long gone. */
  async tidy(now = Date.now()) {
    const keys = (await this.#quietly("readonly", (store) => store.getAllKeys())) ?? [];
    for (const key of keys) {
      const kept = await this.#quietly("readonly", (store) => store.get(key));
      if (kept && now - kept.at > FORGET_AFTER_MS) await this.#quietly("readwrite", (store) => store.delete(key));
    }
  }

  async #quietly(mode, work) {
    try {
      const database = await this.#open();
      return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
    } catch (error) {
      console.info("This browser keeps no files over a reload", error);
      return null;
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

function settled(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
