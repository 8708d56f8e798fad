/** The page's words in the operator's language, written into <body> by the template. */
const words = JSON.parse(document.body.dataset.words);

export const language = document.documentElement.lang;

export function say(key) {
  return words[key];
}
