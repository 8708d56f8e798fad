/**
 * What this browser remembers of one web chat: the session token, and beside it the messages not yet sent.
 * Each waiting message has its own key, so that two tabs never overwrite each other's. Where storage is refused
 * (some embedded pages) or full the page still works, but forgets on reload.
 */
export class ChatStorage {
  constructor(key) {
    this.prefix = `ramah:${key}:`;
    this.waitingPrefix = `${this.prefix}waiting:`;
    this.area = usableStorage();
    this.unsaved = new Map();
    this.lastOrder = 0;
  }

  get token() {
    return this.area.getItem(`${this.prefix}token`);
  }

  set token(value) {
    if (value === null) this.area.removeItem(`${this.prefix}token`);
    else this.area.setItem(`${this.prefix}token`, value);
  }

  /** A number for a new message: larger than those of all messages written before it in this browser. */
  nextOrder() {
    this.lastOrder = Math.max(Date.now(), this.lastOrder + 0.001, ...this.waiting().map((message) => message.order + 0.001));
    return this.lastOrder;
  }

  keepWaiting(message) {
    try {
      this.area.setItem(this.waitingPrefix + message.client_id, JSON.stringify(message));
      this.unsaved.delete(message.client_id);
    } catch (error) {
      console.warn("There is no room to keep this message over a reload", error);
      this.unsaved.set(message.client_id, message);
    }
  }

  dropWaiting(clientId) {
    this.unsaved.delete(clientId);
    this.area.removeItem(this.waitingPrefix + clientId);
  }

  /** The person took a message back: other tabs are told why it is gone. */
  discardWaiting(message) {
    this.keepWaiting({ ...message, discarded: true });
    this.dropWaiting(message.client_id);
  }

  /** Messages not yet accepted by the server, oldest first. */
  waiting() {
    const stored = keysOf(this.area)
      .filter((name) => name.startsWith(this.waitingPrefix))
      .map((name) => readMessage(this.area.getItem(name)));
    return [...stored, ...this.unsaved.values()]
      .filter((message) => message !== null && !message.discarded)
      .sort((one, other) => one.order - other.order);
  }

  /** onChange(message) when another tab of this browser adds or changes a waiting message, onChange(null) when one is gone. */
  watch(onChange) {
    window.addEventListener("storage", (event) => {
      if (event.storageArea === this.area && event.key?.startsWith(this.waitingPrefix)) onChange(readMessage(event.newValue));
    });
  }
}

function readMessage(stored) {
  if (stored === null) return null;
  try {
    const message = JSON.parse(stored);
    return { ...message, order: message.order ?? Date.parse(message.at) };
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
