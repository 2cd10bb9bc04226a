import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import type { DialOptions, DialRow } from "./dial.ts";

/** A Markdown table of all candidates, `auto` first, and how it compares with the best of the others. */
export function formatDial(
  adapter: string,
  { data, minutes, rounds }: Pick<DialOptions, "data" | "minutes" | "rounds">,
  rows: readonly DialRow[],
): string {
  const heads = [
    "Recipe",
    "ngf, ndf, batch",
    "Upsampling",
    "Gamma",
    "Rate",
    "Steps",
    ...rounds.map(({ share }) => `after ${Math.round(100 * share)}%`),
  ];
  const lines = rows.map(({ name, options, distances }) => [
    name === "auto" ? "`auto`" : options.loss ?? "non-saturating",
    [options.ngf, options.ndf, options.batch].join(", "),
    options.upsampling ?? "transposed",
    options.r1 ?? "",
    options.learningRate ?? "",
    options.steps!.toLocaleString("en-US"),
    ...rounds.map((_, at) => distances[at]?.toFixed(1) ?? ""),
  ]);
  const size = (rows[0]?.options as TrainOptions | undefined)?.size;
  return [
    `${adapter}, ${data} at ${size} pixels, ${minutes} minutes each: sliced Wasserstein distance`,
    "",
    ...[heads, heads.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
    "",
    comparison(rows, rounds.length),
  ].join("\n");
}

/** `auto` against the best of those that took all of the time. */
function comparison([auto, ...tried]: readonly DialRow[], rounds: number): string {
  const own = auto?.distances[rounds - 1];
  const best = Math.min(...tried.map(({ distances }) => distances[rounds - 1] ?? Infinity));
  if (own === undefined || best === Infinity) return "Only planned: nothing was trained";
  return `auto: ${own.toFixed(1)}, the best of ${tried.length} others: ${best.toFixed(1)}, ratio ${
    (own / best).toFixed(2)
  }`;
}
