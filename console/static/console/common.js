/** What every page of the console has: errors in plain words, dialogs, the keys, the command bar, live signs. */

import { CommandBar } from "./command.js";
import { askBeforeFinal } from "./confirm.js";
import { explain } from "./http.js";
import { Live } from "./live.js";
import { listenForShortcuts, register, registerJumps, showSheet } from "./shortcuts.js";
import { prepareSigns, tellCounts, tellSignal } from "./signs.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

/** Starts it all. `handlers` are the page's own for events of the stream. */
export function begin(handlers = {}) {
  reportFailures();
  openDialogs();
  askBeforeFinal();
  const bar = new CommandBar(document.getElementById("command"));
  document.getElementById("open-command").addEventListener("click", () => bar.open());
  document.getElementById("open-keys").addEventListener("click", showSheet);
  registerJumps();
  register({ keys: "Ctrl+k", label: say("key_command") }, { keys: "?", label: say("key_sheet"), run: showSheet });
  listenForShortcuts();
  void prepareSigns();
  void new Live(withSigns(handlers)).run();
}

function withSigns(handlers) {
  return {
    conversation: () => {},
    ...handlers,
    counts: (counts) => {
      tellCounts(counts);
      handlers.counts?.(counts);
      document.body.dispatchEvent(new Event("ramah:state"));
    },
    signal: (signal) => void tellSignal(signal),
    reset: () => {
      void prepareSigns();
      handlers.reset?.();
    },
  };
}

function reportFailures() {
  document.body.addEventListener("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    if (status === 401) window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname)}`);
    else toast(explain(status, responseText));
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, () => toast(say("unreachable")));
  }
}

function openDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    event.target.closest("[data-close]")?.closest("dialog")?.close();
  });
}
