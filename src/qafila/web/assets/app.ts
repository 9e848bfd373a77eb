/** What JavaScript adds to pages that work without it. */
import { closeMenusWhenLeft } from "./menus";
import { acceptDroppedFiles } from "./file-drop";
import { helpWithPasswords } from "./passwords";
import { printWhenAsked } from "./printing";
import { showWhatNeedsScript } from "./script-only";
import { tellErrors } from "./errors";

closeMenusWhenLeft();
acceptDroppedFiles(document);
tellErrors(document);
showWhatNeedsScript();
helpWithPasswords(document);
printWhenAsked();
document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof HTMLElement) {
    acceptDroppedFiles(event.target);
    tellErrors(event.target);
  }
});
