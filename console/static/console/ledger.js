/** The ledger's page: times in the reader's zone, and failures in plain words. */

import { enhance } from "./enhance.js";
import { explain } from "./http.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

document.body.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  if (status === 401) window.location.assign(`/login?next=${encodeURIComponent("/console/ledger")}`);
  else toast(explain(status, responseText));
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => toast(say("unreachable")));
}

enhance(document.body);
