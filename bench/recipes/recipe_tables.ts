import type { RecipeResult } from "./compare_recipes.ts";

const HEADS = [
  "folder",
  "preset",
  "seed",
  "steps",
  "size",
  "ngf",
  "batch",
  "patch gap",
  "deviation",
  "nearest",
  "verdict",
];

/** A Markdown table of runs, and the median patch gap of each preset on each folder. */
export function formatComparison(adapter: string, minutes: number, results: readonly RecipeResult[]): string {
  const rows = results.map(({ kind, preset, seed, options, evaluation }) => [
    kind,
    preset,
    seed ?? "",
    options.steps ?? "",
    options.size ?? "",
    options.ngf ?? 64,
    options.batch ?? 64,
    ...(["patchGap", "deviation", "nearest"] as const).map((name) => {
      const score = evaluation?.scores[name];
      return score ? score.value.toFixed(name === "patchGap" ? 1 : 2) : "";
    }),
    evaluation?.verdict.grade ?? "",
  ]);
  const lines = [HEADS, HEADS.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [`${adapter}, ${minutes} minutes each`, "", ...lines, "", ...mediansOf(results)].join("\n");
}

/** What each preset reaches on each folder, over its seeds. */
function mediansOf(results: readonly RecipeResult[]): string[] {
  const gaps = new Map<string, number[]>();
  for (const { kind, preset, evaluation } of results) {
    const gap = evaluation?.scores.patchGap?.value;
    if (gap === undefined) continue;
    const key = `${kind}, ${preset}`;
    gaps.set(key, [...gaps.get(key) ?? [], gap]);
  }
  return [...gaps].map(([key, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return `${key}: patch gap ${
      sorted[Math.floor(sorted.length / 2)]!.toFixed(1)
    } (median of ${sorted.length})`;
  });
}
