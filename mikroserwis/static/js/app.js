/* Each module adds one comfort to pages that work without it. */
import { copyButtons } from "./copy.js";
import { filters } from "./filters.js";
import { forms } from "./forms.js";
import { keys } from "./keys.js";
import { menus } from "./menus.js";
import { uploads } from "./upload.js";

copyButtons();
filters();
forms();
keys();
menus();
uploads();
