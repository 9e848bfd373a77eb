/** Shows what can only work with JavaScript, such as passkeys. */
export function showWhatNeedsScript(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-shown-by-script]")) {
    part.hidden = false;
  }
}
