/**
 * Which messages are known, in which order. The server numbers them; a message of this page has no
 * number until the server accepted it and is recognised by its client_id.
 */
export class Timeline {
  constructor() {
    this.clear();
  }

  clear() {
    this.byPosition = new Map();
    this.byClientId = new Map();
    this.position = 0;
  }

  /** Forget gaps up to here: the server has nothing between what we know and `position`. */
  settle(position) {
    this.position = Math.max(this.position, position);
  }

  /** True when something between the last known message and this one has not arrived. */
  leavesGap(message) {
    return message.position > this.position + 1;
  }

  /** The entry that already shows this message (by number, or by the id this page gave it), or null. */
  find(message) {
    return this.byPosition.get(message.position) ?? this.byClientId.get(message.client_id) ?? null;
  }

  /** Note that `entry` shows `message`. */
  keep(message, entry) {
    if (message.client_id) this.byClientId.set(message.client_id, entry);
    if (message.position) this.byPosition.set(message.position, entry);
  }

  forget(clientId) {
    this.byClientId.delete(clientId);
  }
}
