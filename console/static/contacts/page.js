/** The book of contacts: "/" goes to the search, and what is exported is what is shown. */

import { register } from "../console/shortcuts.js";

const field = document.getElementById("contact-words");
const file = document.getElementById("contact-export");

register({ keys: "/", label: field.dataset.search, run: () => field.select() });

field.addEventListener("input", () => {
  if (file) file.href = `/console/contacts/export.csv?${new URLSearchParams({ q: field.value })}`;
});
