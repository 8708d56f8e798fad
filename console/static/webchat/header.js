/** Who answers, and whether the line is up. */

export class Header {
  constructor(page, words) {
    this.page = page;
    this.subtitle = page.querySelector("#subtitle");
    this.pill = page.querySelector("#pill");
    this.words = words;
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
    if (state !== "live") this.pill.textContent = this.words.say(state);
  }
}
