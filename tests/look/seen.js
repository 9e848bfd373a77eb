// What a program can see on a page, as lists of short descriptions. Called with the language.
(language) => {
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true });
  };
  const name = (element) =>
    element.tagName.toLowerCase() + (element.className && typeof element.className === "string"
      ? "." + element.className.trim().split(/\s+/).join(".") : "")
    + " “" + (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 60) + "”";
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim().replace(/\s+/g, " ");
    if (text && !parent.closest("script, style, code, kbd, noscript") && shown(parent)) {
      texts.push({ text, parent });
    }
  }
  const seen = {
    "scrolls sideways": [], "cut off": [], "small target": [], "inner name": [],
    "Latin sentence in Arabic": [], "menu entry out of view": [],
  };
  const excess = document.documentElement.scrollWidth - window.innerWidth;
  if (excess > 1) seen["scrolls sideways"].push(`${excess} px`);
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    const hidden = /hidden|clip|auto|scroll/.test(style.overflowX);
    if (hidden && shown(element) && element.scrollWidth > element.clientWidth + 1
        && !element.closest(".only-read-aloud") && element.clientWidth > 1) {
      seen["cut off"].push(`${element.scrollWidth} in ${element.clientWidth} px: ${name(element)}`);
    }
  }
  for (const element of document.querySelectorAll("a[href], button, select, summary, input")) {
    const box = element.getBoundingClientRect();
    const inText = getComputedStyle(element).display === "inline";
    const boxed = element.type === "hidden" || element.closest("label") || element.closest(".skip-link");
    if (!inText && !boxed && shown(element) && Math.min(box.width, box.height) < 23.5) {
      seen["small target"].push(`${Math.round(box.width)} × ${Math.round(box.height)}: ${name(element)}`);
    }
  }
  for (const { text, parent } of texts) {
    const inner = text.match(/(?<![\w@./-])[a-z]+(?:_[a-z]+)+(?![\w@/-]|\.\w)/);
    if (inner && !parent.closest(".identifier")) seen["inner name"].push(inner[0]);
    const foreign = parent.closest("bdi, [lang]:not([lang='ar'])");
    const latin = text.match(/\p{Script=Latin}{2,}(?:[ ’'-]+\p{Script=Latin}{2,}){2,}/u);
    if (language === "ar" && latin && !foreign) seen["Latin sentence in Arabic"].push(latin[0]);
  }
  for (const entry of document.querySelectorAll("nav [aria-current]")) {
    const box = entry.getBoundingClientRect();
    if (shown(entry) && (box.left < -1 || box.right > window.innerWidth + 1)) {
      seen["menu entry out of view"].push(`${Math.round(box.left)} to ${Math.round(box.right)} px: ${name(entry)}`);
    }
  }
  const loaded = performance.getEntriesByType("resource");
  const [page] = performance.getEntriesByType("navigation");
  return {
    seen,
    texts: texts.map(({ text }) => text),
    bytes: loaded.reduce((sum, one) => sum + one.transferSize, page ? page.transferSize : 0),
    page: page ? page.transferSize : 0,
    requests: loaded.length + 1,
  };
}
