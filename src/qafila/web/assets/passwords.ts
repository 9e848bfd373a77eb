/** Passwords: shown while the person wants to see them, and how strong a new one is. */
export function helpWithPasswords(root: Document): void {
  root.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.dataset.shows) {
      const field = root.getElementById(box.dataset.shows);
      if (field instanceof HTMLInputElement) field.type = box.checked ? "text" : "password";
    }
  });
  root.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    const meter = root.querySelector<HTMLMeterElement>(`meter[data-measures="${field.id}"]`);
    if (meter) meter.value = strength(field.value);
  });
}

/** 0 to 4. Long texts of many different characters are strong, whatever the characters are. */
export function strength(text: string): number {
  if (text.length < 12) return Math.min(1, text.length / 12);
  const different = new Set(text).size;
  const length = text.length >= 20 ? 3 : text.length >= 16 ? 2 : 1;
  return Math.min(4, different < 6 ? 1 : length + (different >= 10 ? 1 : 0));
}
