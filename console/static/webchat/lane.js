/**
 * One tab of this browser at a time: what is done in a lane is never done by two tabs at once. Locks exist on secure
 * pages only (https, localhost); elsewhere a lease in the shared storage does the same, a little later.
 */

import { newIdentifier } from "../shared/identifier.js";

const LEASE_MS = 6_000;
const RENEW_MS = 2_000;
const SETTLE_MS = 60;
const LOOK_MS = 300;

export class Lane {
  constructor(name, area) {
    this.name = name;
    this.area = area;
    this.owner = newIdentifier();
  }

  /** Runs `work` when no other tab is in the lane, and returns its result. */
  hold(work) {
    return navigator.locks ? navigator.locks.request(this.name, work) : this.#leased(work);
  }

  async #leased(work) {
    while (!(await this.#taken())) await sleep(LOOK_MS);
    const renewal = setInterval(() => this.#write(), RENEW_MS);
    try {
      return await work();
    } finally {
      clearInterval(renewal);
      if (this.#read().owner === this.owner) this.area.removeItem(this.name);
    }
  }

  /** Writes our name and looks whether it stands: of two tabs that write together the later one has the lease. */
  async #taken() {
    const lease = this.#read();
    if (lease.owner !== this.owner && lease.until > Date.now()) return false;
    this.#write();
    await sleep(SETTLE_MS);
    return this.#read().owner === this.owner;
  }

  #read() {
    const [owner, until] = (this.area.getItem(this.name) ?? " 0").split(" ");
    return { owner, until: Number(until) };
  }

  #write() {
    this.area.setItem(this.name, `${this.owner} ${Date.now() + LEASE_MS}`);
  }
}

function sleep(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
