/** Who answers, and whether the line is up. */

/** How long "back online" stays. */
const BACK_MS = 3_000;

export class Header {
  constructor(page, words) {
    this.page = page;
    this.subtitle = page.querySelector("#subtitle");
    this.pill = page.querySelector("#pill");
    this.words = words;
    this.waiting = 0;
    this.away = false;
  }

  /** handled_by: bot | queue | human | closed; agent: the person's name or null. */
  showState({ handled_by: handledBy, agent }) {
    this.page.dataset.handledBy = handledBy;
    const key = handledBy === "human" && !agent ? "state_human_unnamed" : `state_${handledBy}`;
    this.subtitle.textContent = this.words.say(key, { name: agent ?? "" });
  }

  /** state: connecting | live | offline. The pill fades in late (CSS), so that a blink of the network shows nothing. */
  showConnection(state) {
    this.page.dataset.connection = state;
    if (state === "offline") this.away = true;
    if (state === "live" && this.away) this.#showBack();
    this.#draw();
  }

  /** How many messages wait, and whether the last try to send one failed. */
  showWaiting(count, stuck = this.page.hasAttribute("data-stuck")) {
    this.waiting = count;
    this.page.toggleAttribute("data-stuck", stuck && count > 0);
    this.#draw();
  }

  #showBack() {
    this.away = false;
    this.page.toggleAttribute("data-back", true);
    clearTimeout(this.backTimer);
    this.backTimer = setTimeout(() => this.page.toggleAttribute("data-back", false), BACK_MS);
  }

  #draw() {
    const text = this.words.say(this.#key(), { count: this.waiting });
    if (this.pill.textContent !== text) this.pill.textContent = text;
  }

  /** While the pill fades out it keeps the words that it had. */
  #key() {
    const { connection } = this.page.dataset;
    if (connection === "offline") return this.waiting > 0 ? "offline_waiting" : "offline";
    if (this.waiting > 0 && this.page.hasAttribute("data-stuck")) return "waiting_count";
    return connection === "live" ? "back_online" : "connecting";
  }
}
