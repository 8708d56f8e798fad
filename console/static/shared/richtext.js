/**
 * Chat text to DOM nodes: *bold* as on WhatsApp, http(s) links and line breaks.
 * Nodes only, never innerHTML: whatever a person wrote stays text.
 */

const LINK = /https?:\/\/[^\s<>"']+/giu;
const BOLD = /(^|[\s([{"'.,;:!?-])\*(?=\S)([^*\n]*[^\s*])\*(?=$|[\s)\]}"'.,;:!?-])/gu;
const SENTENCE_MARKS = ".,;:!?)]}*";

/** A document fragment that shows `text`. */
export function richText(text) {
  const fragment = document.createDocumentFragment();
  text.split("\n").forEach((line, index) => {
    if (index > 0) fragment.append(document.createElement("br"));
    appendLinked(fragment, line);
  });
  return fragment;
}

function appendLinked(parent, line) {
  let from = 0;
  for (const match of line.matchAll(LINK)) {
    const address = withoutTrailing(match[0]);
    appendBold(parent, line.slice(from, match.index));
    parent.append(link(address));
    from = match.index + address.length;
  }
  appendBold(parent, line.slice(from));
}

/** Sentence marks after an address belong to the sentence, except a bracket the address opened. */
function withoutTrailing(address) {
  let end = address.length;
  while (SENTENCE_MARKS.includes(address[end - 1]) && !closesOwnBracket(address.slice(0, end))) end -= 1;
  return address.slice(0, end);
}

function closesOwnBracket(address) {
  return address.endsWith(")") && address.split("(").length >= address.split(")").length;
}

function appendBold(parent, text) {
  let from = 0;
  for (const match of text.matchAll(BOLD)) {
    const start = match.index + match[1].length;
    parent.append(text.slice(from, start), strong(match[2]));
    from = start + match[2].length + 2;
  }
  parent.append(text.slice(from));
}

function strong(text) {
  const element = document.createElement("strong");
  element.textContent = text;
  return element;
}

function link(address) {
  const element = document.createElement("a");
  element.href = address;
  element.target = "_blank";
  element.rel = "noopener noreferrer nofollow";
  element.textContent = address.replace(/^https?:\/\//iu, "");
  return element;
}
