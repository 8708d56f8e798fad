/** The form of canned replies: "Change" fills it, a variable is put where the cursor stands. */

const form = document.getElementById("canned-form");

document.addEventListener("click", (event) => {
  const change = event.target.closest("[data-change]");
  if (change) fill(change.dataset);
  const variable = event.target.closest("[data-variable]");
  if (variable) insert(`{{${variable.dataset.variable}}}`);
});

function fill({ change, shortcut, language, text }) {
  Object.assign(form.elements.id, { value: change });
  Object.assign(form.elements.shortcut, { value: shortcut });
  Object.assign(form.elements.language, { value: language });
  Object.assign(form.elements.text, { value: text });
  form.scrollIntoView({ block: "nearest" });
  form.elements.text.focus();
}

function insert(words) {
  const box = form.elements.text;
  box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
  box.focus();
}
