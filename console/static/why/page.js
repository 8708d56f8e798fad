/** The page of one turn. */

import { copyStories } from "./why.js";

copyStories(document.body);
