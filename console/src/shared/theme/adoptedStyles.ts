// Where antd's run-time styles go. The content security policy refuses <style> elements, and rightly; a constructed
// style sheet is allowed, because only script that already runs can make one. antd is given a detached container, and
// every style element that it puts there is mirrored, in order, into document.adoptedStyleSheets.
// See docs/decisions/0040.

const sheets = new WeakMap<Element, CSSStyleSheet>();

function sheetOf(element: Element): CSSStyleSheet {
  let sheet = sheets.get(element);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(element.textContent);
    sheets.set(element, sheet);
  }
  return sheet;
}

/** Gives the container for antd's `StyleProvider`; call once. */
export function adoptedContainer(): HTMLElement {
  const container = document.createElement('div');
  if (typeof document.adoptedStyleSheets === 'undefined') {
    document.head.append(container);
    return container;
  }
  const own = new Set<CSSStyleSheet>();
  const mirror = (): void => {
    const others = document.adoptedStyleSheets.filter((sheet) => !own.has(sheet));
    own.clear();
    for (const element of container.querySelectorAll('style')) own.add(sheetOf(element));
    document.adoptedStyleSheets = [...own, ...others];
  };
  // React measures in layout effects of the same commit, before a mutation observer would run: mirror at once.
  const insertBefore = container.insertBefore.bind(container);
  container.insertBefore = <T extends Node>(node: T, before: Node | null): T => {
    const inserted = insertBefore(node, before);
    mirror();
    return inserted;
  };
  const appendChild = container.appendChild.bind(container);
  container.appendChild = <T extends Node>(node: T): T => {
    const inserted = appendChild(node);
    mirror();
    return inserted;
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      const style = change.target instanceof Element ? change.target : change.target.parentElement;
      const sheet = style ? sheets.get(style) : undefined;
      if (style && sheet) sheet.replaceSync(style.textContent);
    }
    mirror();
  }).observe(container, { childList: true, subtree: true, characterData: true });
  return container;
}
