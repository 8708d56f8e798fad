/** Puts the inbox together. */

import { begin } from "./common.js";
import { Acting } from "../inbox/acting.js";
import { followFilters } from "../inbox/filters.js";
import { Selection } from "../inbox/selection.js";
import { explainBubbles } from "../why/why.js";
import { Desk } from "./desk.js";
import { enhance, keepMomentsFresh } from "./enhance.js";
import { registerKeys } from "./keys.js";
import { ConversationList } from "./list.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const list = new ConversationList();
const desk = new Desk(list);
const selection = new Selection(list);
const acting = new Acting(list, desk, selection);

const events = {
  conversation: ({ id }) => {
    list.changedRow(id);
    desk.conversationChanged(id);
  },
  presence: ({ id }) => desk.presenceChanged(id),
  told: ({ kind, id, by }) => {
    const words = say(kind === "mention" ? "mentioned" : "assigned").replace("{name}", by);
    toast(words, "good", { words: say("open"), run: () => window.location.assign(`/console/conversations/${id}`) });
  },
  counts: (counts) => list.showCounts(counts),
  reset: () => {
    list.reload();
    if (desk.thread) desk.conversationChanged(desk.thread.id);
  },
};

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "conversation") desk.attach();
  enhance(list.rows);
  list.showOpened(desk.thread?.id ?? null);
  selection.draw();
});

/** After take over, release and close the page asks what is true now, whether the post won or lost. */
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.elt.matches("[data-action]") || !desk.thread) return;
  desk.conversationChanged(desk.thread.id);
  list.changedRow(desk.thread.id);
});

document.addEventListener("visibilitychange", () => desk.thread?.markRead());

enhance(document.body);
keepMomentsFresh();
desk.attach();
registerKeys({ list, desk, acting, selection });
followFilters(list);
explainBubbles(desk.place);
begin(events);
