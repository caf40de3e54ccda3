/* Each module adds one comfort to pages that work without it. */
import { copyButtons } from "./copy.js";
import { forms } from "./forms.js";
import { keys } from "./keys.js";
import { menus } from "./menus.js";

copyButtons();
forms();
keys();
menus();
if (document.querySelector("[data-filters]")) import("./filters.js").then((module) => module.filters());
if (document.querySelector("[data-upload]")) import("./upload.js").then((module) => module.uploads());
