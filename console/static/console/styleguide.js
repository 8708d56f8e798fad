/** The styleguide: dialogs open, notices show. */

import { toast } from "./toast.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  const tone = event.target.closest("[data-toast]")?.dataset.toast;
  if (tone) toast("A short notice.", tone);
});
