import { alignColumns, figure } from "../../src/cli/terminal/text.ts";
import type { Race } from "../peers/race.ts";
import type { Spread } from "../spread.ts";

/** A race of one contender, the first, with what it is run in, for people: shares of the first one's speed. */
export function shareTable({ name, images, placings }: Race): string {
  return alignColumns([
    [`${name}, batch ${images}`, "images/s", "of the first one's speed"],
    ...placings.map(({ contender, imagesPerSecond, oursIsFasterBy: slower }) => [
      contender,
      spread(imagesPerSecond, figure),
      slower ? spread({ median: 1 / slower.median, min: 1 / slower.max, max: 1 / slower.min }, percent) : "",
    ]),
  ]);
}

function spread({ median, min, max }: Spread, text: (value: number) => string): string {
  return min === max ? text(median) : `${text(median)} [${text(min)}-${text(max)}]`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
