/** A page beside the main menu. */

import { begin } from "./common.js";
import { enhance, keepMomentsFresh } from "./enhance.js";

document.body.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.target));

enhance(document.body);
keepMomentsFresh();
begin();
