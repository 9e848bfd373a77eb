/**
 * Lets a file be dropped anywhere on a .file-drop box; the file input inside stays the real one.
 * Browsers word its button in their own language, so ours is shown over it, in the page's.
 */
export function acceptDroppedFiles(within: ParentNode): void {
  for (const box of within.querySelectorAll<HTMLElement>(".file-drop")) {
    const input = box.querySelector<HTMLInputElement>("input[type=file]");
    if (!input) continue;
    listen(box, input);
    showWhatIsChosen(box, input);
  }
}

function listen(box: HTMLElement, input: HTMLInputElement): void {
  box.addEventListener("dragover", (event) => {
    event.preventDefault();
    box.classList.add("over");
  });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function showWhatIsChosen(box: HTMLElement, input: HTMLInputElement): void {
  const shown = box.querySelector<HTMLElement>(".file-chosen");
  const name = shown?.querySelector<HTMLElement>("[data-none]");
  if (!shown || !name) return;
  const show = (): void => {
    const names = Array.from(input.files ?? [], (file) => file.name);
    name.textContent = names.length > 0 ? names.join(", ") : (name.dataset.none ?? "");
  };
  input.addEventListener("change", show);
  show();
  box.classList.add("covered");
  shown.hidden = false;
}
