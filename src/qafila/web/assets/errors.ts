/** After a refused form the summary takes the focus, so that it is read first. */
export function tellErrors(within: ParentNode): void {
  within.querySelector<HTMLElement>("[data-error-summary]")?.focus();
}
