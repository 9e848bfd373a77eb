/** Buttons marked `data-print` open the browser's own way to print. */
export function printWhenAsked(): void {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
  });
}
