/** The page's words in the operator's language, written into <body> by the template. */
const words = JSON.parse(document.body.dataset.words);

export const language = document.documentElement.lang;

/** The organisation's zone, in which all times stand, wherever the reader is; undefined (the reader's own) before logging in. */
export const zone = document.documentElement.dataset.zone;

export function say(key) {
  return words[key];
}
