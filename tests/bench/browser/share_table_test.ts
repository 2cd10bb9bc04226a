import { assertMatch } from "@std/assert";
import { shareTable } from "../../../bench/browser/share_table.ts";
import { spreadOf } from "../../../bench/spread.ts";

Deno.test("shareTable() shows shares of the first one's speed", () => {
  const placing = { slowerWay: false, milliseconds: spreadOf([1]) };
  const text = shareTable({
    name: "S training",
    images: 32,
    placings: [
      { ...placing, contender: "Deno", imagesPerSecond: spreadOf([100]) },
      {
        ...placing,
        contender: "Chromium",
        imagesPerSecond: spreadOf([80, 90, 100]),
        oursIsFasterBy: spreadOf([1, 1.25, 2]),
      },
    ],
  });
  assertMatch(text, /Deno +100 *\n/);
  assertMatch(text, /Chromium +90\.0? ?\[80\.0?-100\] +80% \[50%-100%\]/);
});
