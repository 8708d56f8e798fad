/** Puts the web chat page together. */

import { backoff, pause } from "../shared/backoff.js";
import { applyAccent } from "./accent.js";
import { ChatApi, HttpError } from "./api.js";
import { Attachments } from "./attachments.js";
import { WaitingFiles } from "./blobs.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Header } from "./header.js";
import { Host } from "./host.js";
import { Lane } from "./lane.js";
import { chooseLanguage } from "./language.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { SentMessages } from "./sent.js";
import { Session } from "./session.js";
import { ChatStorage } from "./storage.js";
import { Timeline } from "./timeline.js";
import { Words } from "./words.js";

const page = document.getElementById("chat");
const words = new Words(page);
const { key, language } = page.dataset;
const storage = new ChatStorage(key);
const api = new ChatApi(key);
const session = new Session({ api, storage, key, language });
const timeline = new Timeline();
const header = new Header(page, words);
const host = new Host(page);
const files = new WaitingFiles(key);
const sent = new SentMessages(key);
const log = new Log(page, words, {
  onChoose: (choice) => outbox.add(choice.title, choice.payload),
  onEnded: (position) => conversation.renewFiles(position),
});
const conversation = new Conversation({ api, words, timeline, log, header, host });

const outbox = new Outbox({
  api,
  storage,
  files,
  sent,
  lane: new Lane(`ramah:${key}:outbox`, storage.area),
  onStatus: (message, status) => {
    conversation.outboxStatus(message, status);
    if (status === "waiting") header.showWaiting(header.waiting, true);
  },
  onProgress: (message, part) => conversation.outboxProgress(message, part),
  onAccepted: (message, accepted) => {
    header.showWaiting(header.waiting, false);
    void conversation.accepted({ ...accepted, client_id: message.client_id });
  },
  onDiscarded: (message) => conversation.discarded(message),
  onCount: (count) => header.showWaiting(count),
  onRefused: renew,
});
conversation.outbox = outbox;

const composer = new Composer(page, words, new Attachments(page, words), send);
const connection = new Connection({
  api,
  position: () => timeline.position,
  onEvent: (name, data) => conversation.receive(name, data),
  onState: (state) => header.showConnection(state),
  onRefused: renew,
});

/** What was sent is written down one after another, although small pictures take a moment to draw. */
let written = Promise.resolve();

function send(text, chosen) {
  written = written.then(() => write(text, chosen));
}

/** Words alone are a message; with files they stand under the first one. */
async function write(text, chosen) {
  if (chosen.length === 0) outbox.add(text);
  for (const [index, { file, drawn }] of chosen.entries()) await outbox.addFile(file, index === 0 ? text : "", await drawn);
}

/** The server refused our token: open the session again, and begin anew when it gave another one. */
async function renew() {
  const before = api.token;
  try {
    const opened = await session.open();
    conversation.show(opened, opened.token !== before);
    if (opened.token !== before) connection.restart();
  } catch (error) {
    console.info("The session was not renewed; the next try does it", error);
  }
}

/** Tries until the session is open; false when this chat does not exist (any more). */
async function open() {
  for (let attempt = 0; ; attempt += 1) {
    try {
      conversation.show(await session.open(), true);
      return true;
    } catch (error) {
      if (error instanceof HttpError && !error.passing) return false;
      header.showConnection(navigator.onLine ? "connecting" : "offline");
      await pause(backoff(attempt));
    }
  }
}

async function start() {
  applyAccent(page);
  chooseLanguage(page);
  page.querySelectorAll("[data-starter]").forEach((starter) => {
    starter.addEventListener("click", () => outbox.add(starter.textContent.trim()));
  });
  // What was written before a reload stands there at once, and one may go on writing, whatever the network does.
  page.dataset.phase = storage.waiting().length > 0 ? "open" : "opening";
  outbox.showAll();
  composer.enable();
  const exists = await open();
  page.dataset.phase = exists ? "open" : "unavailable";
  if (!exists) return;
  log.list.setAttribute("aria-live", "polite");
  outbox.open();
  void files.tidy();
  void sent.tidy();
  await connection.run();
}

void start();
