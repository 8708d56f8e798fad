/** Puts the web chat page together. */

import { backoff, pause } from "../shared/backoff.js";
import { applyAccent } from "./accent.js";
import { ChatApi, HttpError } from "./api.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Header } from "./header.js";
import { Host } from "./host.js";
import { chooseLanguage } from "./language.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
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
const log = new Log(page, words, { onChoose: (choice) => outbox.add(choice.title, choice.payload) });
const conversation = new Conversation({ api, words, timeline, log, header, host });

const outbox = new Outbox({
  api,
  storage,
  onStatus: (message, status) => conversation.outboxStatus(message, status),
  onAccepted: (message, accepted) => conversation.accepted({ ...accepted, client_id: message.client_id }),
  onRefused: renew,
});
conversation.outbox = outbox;

const composer = new Composer(page, words, (text) => outbox.add(text));
const connection = new Connection({
  api,
  position: () => timeline.position,
  onEvent: (name, data) => conversation.receive(name, data),
  onState: (state) => header.showConnection(state),
  onRefused: renew,
});

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
  page.dataset.phase = "opening";
  const exists = await open();
  page.dataset.phase = exists ? "open" : "unavailable";
  if (!exists) return;
  log.list.setAttribute("aria-live", "polite");
  storage.waiting().forEach((message) => outbox.push(message));
  composer.enable();
  await connection.run();
}

void start();
