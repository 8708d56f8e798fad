/** Saved filters: choosing one opens its list, saving keeps what the form asks for. */

import { request } from "../console/http.js";
import { toast } from "../console/toast.js";
import { say } from "../console/words.js";

export function followFilters(list) {
  document.getElementById("saved-filters").addEventListener("change", ({ target }) => target.value && window.location.assign(target.value));
  const form = document.getElementById("save-filter-form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams([...new FormData(list.filters), ...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const error = form.querySelector(".composer-error");
    try {
      await request("/console/filters", { method: "POST", body });
      form.closest("dialog").close();
      toast(say("kept_filter"), "good");
      offer(form.elements.name.value, list.filters);
    } catch (refused) {
      error.textContent = refused.message;
      error.hidden = false;
    }
  });
}

function offer(name, filters) {
  const asked = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ""));
  document.getElementById("saved-filters").append(new Option(name, `/console?${asked}`));
}
