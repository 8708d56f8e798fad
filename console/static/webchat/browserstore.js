/** One IndexedDB store of this browser. Where IndexedDB is refused it holds nothing, and says so once an attempt. */

export class BrowserStore {
  /** `complaint` tells a developer what does not work without it. */
  constructor(database, store, complaint) {
    this.database = database;
    this.store = store;
    this.complaint = complaint;
    this.opened = null;
  }

  read(work) {
    return this.#quietly("readonly", work);
  }

  change(work) {
    return this.#quietly("readwrite", work);
  }

  /** Deletes what was kept before `limit`; `momentOf` gives the moment of an entry. */
  async forgetBefore(limit, momentOf) {
    for (const key of (await this.read((store) => store.getAllKeys())) ?? []) {
      const entry = await this.read((store) => store.get(key));
      if (entry !== undefined && momentOf(entry) < limit) await this.change((store) => store.delete(key));
    }
  }

  /** The result once the transaction is through, so that every tab can see it; undefined when it failed. */
  async #quietly(mode, work) {
    try {
      const transaction = (await this.#open()).transaction(this.store, mode);
      const request = work(transaction.objectStore(this.store));
      await finished(transaction);
      return request.result;
    } catch (error) {
      console.info(this.complaint, error);
      return undefined;
    }
  }

  #open() {
    this.opened ??= new Promise((resolve, reject) => {
      const request = window.indexedDB.open(this.database, 1);
      request.addEventListener("upgradeneeded", () => request.result.createObjectStore(this.store));
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
