/** The page's words, in the language the server chose, with {named} places filled. */
export class Words {
  constructor(page) {
    this.words = JSON.parse(page.dataset.words);
    this.language = page.dataset.language;
    this.brand = page.dataset.brand;
    this.assistant = page.dataset.assistant;
  }

  say(key, values = {}) {
    const places = { brand: this.brand, assistant: this.assistant, ...values };
    return this.words[key].replace(/\{(\w+)\}/gu, (whole, name) => String(places[name] ?? whole));
  }
}
