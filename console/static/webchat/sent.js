/**
 * Which messages this browser has sent, told to all its tabs at once. Another tab may see for a moment what localStorage
 * held before (browsers copy it between processes later); a transaction of IndexedDB sees whatever was written before it.
 * Where IndexedDB is refused nothing is known here, and the server keeps one of two equal messages.
 */

import { BrowserStore } from "./browserstore.js";

const FORGET_AFTER_MS = 86_400_000;

export class SentMessages {
  constructor(key) {
    this.prefix = `${key}:`;
    this.kept = new BrowserStore("ramah-sent", "sent", "This browser does not remember what it sent");
  }

  /** Whether some tab of this browser had the message accepted. Changing, so that it waits for tabs that write. */
  async has(clientId) {
    return (await this.kept.change((store) => store.get(this.prefix + clientId))) !== undefined;
  }

  /** The server accepted it. Ends when every tab can know. */
  async add(clientId) {
    await this.kept.change((store) => store.put(Date.now(), this.prefix + clientId));
  }

  /** Forgets what was sent long ago: no tab can be so late. */
  async tidy(now = Date.now()) {
    await this.kept.forgetBefore(now - FORGET_AFTER_MS, (at) => at);
  }
}
