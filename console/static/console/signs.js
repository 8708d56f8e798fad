/**
 * News of the event stream become signs: the counts on every tab, and a sound and a notification on one of them.
 *
 * Each piece of news has the number of its event. The tab that takes the number first shows it; the one in which the
 * reader looks at that very conversation is first and keeps quiet, a visible one comes next, a hidden one last.
 */

import { showCounts } from "./badge.js";
import { request } from "./http.js";
import { play } from "./sounds.js";
import { say } from "./words.js";

const TAKEN = "ramah:signs";
const REMEMBERED = 50;
const HELD_MS = 10_000;
const BEFORE_VISIBLE_MS = 80;
const BEFORE_HIDDEN_MS = 300;
const between = new BroadcastChannel("ramah:counts");
let chosen = null;

between.addEventListener("message", (event) => showCounts(event.data));

/** Reads the person's settings and the counts as they are now. */
export async function prepareSigns() {
  try {
    const { text } = await request("/console/signs");
    const { counts, signs } = JSON.parse(text);
    chosen = signs;
    showCounts(counts);
  } catch (error) {
    console.info("The signs come with the next page", error);
  }
}

/** New counts, also for the tabs that do not listen themselves. */
export function tellCounts(counts) {
  showCounts(counts);
  between.postMessage(counts);
}

/** A piece of news: {kind, id, event}. */
export async function tellSignal(signal) {
  const reading = isReading(signal.id);
  if (!reading) await pause(document.hidden ? BEFORE_HIDDEN_MS : BEFORE_VISIBLE_MS);
  if (!(await take(signal.event)) || reading || !chosen?.[signal.kind]) return;
  document.body.dispatchEvent(new CustomEvent("ramah:sign", { detail: signal }));
  if (chosen.sound) await makeSound(signal.kind);
  if (chosen.desktop && !document.hasFocus()) notify(say(`sign_${signal.kind}`), "", signal.id);
}

/** A notification of the computer; a click on it opens the conversation. */
export function notify(title, text, conversation = null) {
  if (window.Notification?.permission !== "granted") return;
  const shown = new Notification(title, { body: text, tag: conversation ?? "ramah", icon: "/static/favicon.svg" });
  shown.addEventListener("click", () => {
    window.focus();
    if (conversation) window.location.assign(`/console/conversations/${encodeURIComponent(conversation)}`);
    shown.close();
  });
}

export async function makeSound(kind) {
  try {
    await play(kind);
  } catch (error) {
    console.info("The browser plays no sound yet", error);
  }
}

function isReading(conversation) {
  return document.hasFocus() && document.getElementById("thread")?.dataset.id === conversation;
}

/**
 * Whether this tab is the one that shows the event; no other one is told so. What one tab writes into the storage may
 * reach another a moment late, so a lock decides, which is held until every tab has heard of the event.
 */
function take(number) {
  if (!navigator.locks) return Promise.resolve(takeNow(number));
  return new Promise((resolve) => {
    void navigator.locks.request(`${TAKEN}:${number}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null && takeNow(number));
      return lock === null ? undefined : pause(HELD_MS);
    });
  });
}

function takeNow(number) {
  const taken = JSON.parse(localStorage.getItem(TAKEN) ?? "[]");
  if (taken.includes(number)) return false;
  localStorage.setItem(TAKEN, JSON.stringify([...taken, number].slice(-REMEMBERED)));
  return true;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
