import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import type { FoundPictures } from "../news.ts";

/** Most left-out files that are listed one by one. */
const MOST_LISTED = 200;

/** Pixels across, below which fewer pictures stand in a row. */
const NARROW = 700;

/** Shows the pictures that were found, and what was left out. */
export function picturesPanel(
  { train: { pictures: words } }: StudioText,
  { name, count, classes, preview, skipped, notes }: FoundPictures,
  another: () => void,
): HTMLElement {
  const shown = words.shown(preview.count, `${preview.width} × ${preview.height}`);
  const canvas = element("canvas", { class: "pictures", role: "img", "aria-label": shown });
  drawPictures(canvas, preview, { columns: innerWidth < NARROW ? 6 : 12 });
  const summary = [words.count(count), ...(classes > 1 ? [words.classes(classes)] : [])].join(" ");
  return element(
    "section",
    { class: "card found", "aria-label": words.title },
    element(
      "div",
      { class: "head" },
      element("div", {}, element("h2", {}, name), element("p", { class: "soft" }, summary)),
      element("button", { type: "button", click: another }, words.others),
    ),
    canvas,
    element("p", { class: "soft small" }, shown),
    ...notes.map((note) => element("p", { class: "small" }, note)),
    ...(skipped.length > 0 ? [skippedList(words.skipped(skipped.length), skipped)] : []),
  );
}

/** What was left out, with reasons. */
export function skippedList(title: string, skipped: FoundPictures["skipped"]): HTMLElement {
  const rest = skipped.length - MOST_LISTED;
  return element(
    "details",
    { class: "skipped" },
    element("summary", {}, title),
    element(
      "ul",
      {},
      ...skipped.slice(0, MOST_LISTED).map(({ name, reason }) =>
        element("li", {}, element("b", {}, name), ` ${reason}`)
      ),
      ...(rest > 0 ? [element("li", {}, `+ ${rest}`)] : []),
    ),
  );
}
