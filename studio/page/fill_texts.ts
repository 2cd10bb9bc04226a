import type { StudioText } from "../text.ts";

/**
 * Puts words in the elements of the page that name them: `data-text="views.train"` is the text of an element,
 * `data-label="viewsLabel"` its label for screen readers.
 *
 * @throws {TypeError} if there are no such words.
 */
export function fillTexts(page: Document, text: StudioText): void {
  page.documentElement.lang = text.language;
  page.title = text.title;
  for (const found of page.querySelectorAll<HTMLElement>("[data-text]")) {
    found.textContent = wordsOf(text, found.dataset.text!);
  }
  for (const found of page.querySelectorAll<HTMLElement>("[data-label]")) {
    found.setAttribute("aria-label", wordsOf(text, found.dataset.label!));
  }
}

function wordsOf(text: StudioText, path: string): string {
  let found: unknown = text;
  for (const part of path.split(".")) found = (found as Record<string, unknown> | undefined)?.[part];
  if (typeof found === "string") return found;
  throw new TypeError(`Cannot fill the page: text.ts must have "${path}", found ${typeof found}`);
}
