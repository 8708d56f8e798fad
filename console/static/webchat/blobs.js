/**
 * Files that wait to be sent, kept in this browser (IndexedDB) so that they survive a reload. Where that is refused
 * they are kept in memory, and a reload asks for them again.
 */

import { BrowserStore } from "./browserstore.js";

const FORGET_AFTER_MS = 7 * 86_400_000;

export class WaitingFiles {
  constructor(key) {
    this.prefix = `${key}:`;
    this.memory = new Map();
    this.kept = new BrowserStore("ramah", "files", "This browser keeps no files over a reload");
  }

  async put(clientId, blob) {
    this.memory.set(clientId, blob);
    await this.kept.change((store) => store.put({ blob, at: Date.now() }, this.prefix + clientId));
  }

  /** The file with its content in memory, or null when this browser has it no more (deleted or changed on the disk). */
  async get(clientId) {
    const found = this.memory.get(clientId) ?? (await this.kept.read((store) => store.get(this.prefix + clientId)))?.blob;
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
    await this.kept.change((store) => store.delete(this.prefix + clientId));
  }

  /** Forgets files whose messages are long gone. */
  async tidy(now = Date.now()) {
    await this.kept.forgetBefore(now - FORGET_AFTER_MS, (kept) => kept.at);
  }
}
