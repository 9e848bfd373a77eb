/** Keys of the review queue: s same, d two people, n later, u undo. The buttons work without. */

function keysAreOn(): boolean {
  const choice = document.querySelector<HTMLInputElement>("#review-keys");
  return choice !== null && choice.checked;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null
  );
}

/** The choice to work without keys survives the next pair, and the next day. */
function keepChoice(): void {
  const label = document.querySelector<HTMLElement>("[data-review-keys]");
  const choice = document.querySelector<HTMLInputElement>("#review-keys");
  if (!label || !choice) return;
  label.hidden = false;
  choice.checked = localStorage.getItem("review-keys") !== "off";
  choice.addEventListener("change", () => {
    localStorage.setItem("review-keys", choice.checked ? "on" : "off");
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!keysAreOn() || isTyping(event.target)) return;
  const button = [...document.querySelectorAll<HTMLElement>("#review [data-key]")].find(
    // `code` is the place on the keyboard: an Arabic keyboard gives other letters.
    (one) => event.key === one.dataset.key || event.code === `Key${one.dataset.key?.toUpperCase()}`,
  );
  if (button) {
    event.preventDefault();
    button.click();
  }
});
document.addEventListener("htmx:afterSettle", () => {
  keepChoice();
  document.querySelector<HTMLElement>("#review-left")?.focus({ preventScroll: true });
});
keepChoice();
