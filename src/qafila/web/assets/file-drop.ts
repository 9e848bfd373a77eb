/** Lets a file be dropped anywhere on a .file-drop box; the file input inside stays the real one. */
export function acceptDroppedFiles(within: ParentNode): void {
  for (const box of within.querySelectorAll<HTMLElement>(".file-drop")) {
    const input = box.querySelector<HTMLInputElement>("input[type=file]");
    if (input) listen(box, input);
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
