/**
 * What this browser remembers of one web chat: the session token and messages not yet sent.
 * Each waiting message has its own key, so that two tabs never overwrite each other's.
 * Where storage is refused (some embedded pages) the page still works, but forgets on reload.
 */
export class ChatStorage {
  constructor(key) {
    this.prefix = `ramah:${key}:`;
    this.area = usableStorage();
  }

  get token() {
    return this.area.getItem(`${this.prefix}token`);
  }

  set token(value) {
    if (value === null) this.area.removeItem(`${this.prefix}token`);
    else this.area.setItem(`${this.prefix}token`, value);
  }

  keepWaiting(message) {
    this.area.setItem(`${this.prefix}waiting:${message.client_id}`, JSON.stringify(message));
  }

  dropWaiting(clientId) {
    this.area.removeItem(`${this.prefix}waiting:${clientId}`);
  }

  /** Messages not yet accepted by the server, oldest first. */
  waiting() {
    const prefix = `${this.prefix}waiting:`;
    return keysOf(this.area)
      .filter((name) => name.startsWith(prefix))
      .map((name) => readMessage(this.area.getItem(name)))
      .filter((message) => message !== null)
      .sort((one, other) => one.at.localeCompare(other.at));
  }
}

function readMessage(stored) {
  try {
    return JSON.parse(stored);
  } catch (error) {
    console.warn("An unreadable waiting message was ignored", error);
    return null;
  }
}

function keysOf(area) {
  return Array.from({ length: area.length }, (_, index) => area.key(index));
}

function usableStorage() {
  try {
    window.localStorage.setItem("ramah:probe", "1");
    window.localStorage.removeItem("ramah:probe");
    return window.localStorage;
  } catch (error) {
    console.info("This browser gives the chat no storage", error);
    return new MemoryStorage();
  }
}

class MemoryStorage {
  constructor() {
    this.values = new Map();
  }

  get length() {
    return this.values.size;
  }

  key(index) {
    return [...this.values.keys()][index];
  }

  getItem(name) {
    return this.values.get(name) ?? null;
  }

  setItem(name, value) {
    this.values.set(name, value);
  }

  removeItem(name) {
    this.values.delete(name);
  }
}
