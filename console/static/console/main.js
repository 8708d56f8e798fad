/** Puts the inbox together. */

import { askBeforeFinal } from "./confirm.js";
import { Desk } from "./desk.js";
import { enhance, keepMomentsFresh } from "./enhance.js";
import { explain } from "./http.js";
import { listenForKeys } from "./keys.js";
import { ConversationList } from "./list.js";
import { Live } from "./live.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const list = new ConversationList();
const desk = new Desk(list);

const live = new Live({
  conversation: ({ id }) => {
    list.changedRow(id);
    desk.conversationChanged(id);
  },
  counts: (counts) => {
    list.showCounts(counts);
    document.body.dispatchEvent(new Event("ramah:state"));
  },
  reset: () => {
    list.reload();
    if (desk.thread) desk.conversationChanged(desk.thread.id);
  },
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "conversation") desk.attach();
  enhance(list.rows);
  list.showOpened(desk.thread?.id ?? null);
});

/** After take over, release and close the page asks what is true now, whether the post won or lost. */
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.elt.matches("[data-action]") || !desk.thread) return;
  desk.conversationChanged(desk.thread.id);
  list.changedRow(desk.thread.id);
});

document.body.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  if (status === 401) window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname)}`);
  else toast(explain(status, responseText));
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => toast(say("unreachable")));
}

document.addEventListener("visibilitychange", () => desk.thread?.markRead());

enhance(document.body);
keepMomentsFresh();
askBeforeFinal();
desk.attach();
listenForKeys({ list, desk });
void live.run();
