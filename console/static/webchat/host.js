/** Talking to the page that embeds this chat. Nothing a customer wrote crosses: only "message came" and "close". */

export class Host {
  constructor(page) {
    this.page = page;
    this.embedded = window.parent !== window && page.hasAttribute("data-embed");
    this.title = document.title;
    this.unseen = 0;
    page.querySelector("#close")?.addEventListener("click", () => this.#post("close"));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.#post("close");
    });
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  /** Something new to read: the widget's badge, and the tab's title when another tab is in front. */
  messageCame() {
    this.#post("message");
    if (document.visibilityState === "visible") return;
    this.unseen += 1;
    document.title = `(${this.unseen}) ${this.title}`;
  }

  #seen() {
    if (document.visibilityState !== "visible") return;
    this.unseen = 0;
    document.title = this.title;
  }

  #post(kind) {
    if (this.embedded) window.parent.postMessage({ ramah: kind }, "*");
  }
}
