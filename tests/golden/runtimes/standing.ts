import type { Line } from "./golden_run.ts";

/** How a runtime did. */
export interface Standing {
  /** The runtime and its version. */
  readonly runtime: string;
  /** What gives it WebGPU. */
  readonly engine: string;
  /** What WebGPU runs on, by the driver's name; empty if it does not tell. */
  readonly adapter: string;
  /** Cases that passed. */
  readonly passed: number;
  /** A line for each case that failed, and for whatever else went wrong. */
  readonly problems: readonly string[];
  /** Digests of what was computed, by case; `samples` are those of a generator. */
  readonly digests: ReadonlyMap<string, string>;
  /** Seconds that all of it took. */
  readonly seconds: number;
}

/** What a digest of samples is called among those of cases. */
export const SAMPLES = "samples";

/** How a runtime did, by what it said. Silence is a problem: of cases that were not run, and of an end that never came. */
export function standingOf(
  about: Pick<Standing, "runtime" | "engine" | "seconds">,
  ids: readonly string[],
  lines: readonly Line[],
): Standing {
  const problems: string[] = [];
  const digests = new Map<string, string>();
  const open = new Set(ids);
  let adapter = "";
  let passed = 0;
  for (const line of lines) {
    if (line.type === "adapter") adapter = line.name;
    if (line.type === "error") problems.push(line.message);
    if (line.type === "samples") digests.set(SAMPLES, line.digest);
    if (line.type !== "case") continue;
    open.delete(line.id);
    if (line.digest) digests.set(line.id, line.digest);
    if (line.problems.length === 0) passed++;
    else problems.push([line.id, ...line.problems].join("\n  "));
  }
  if (open.size > 0) problems.push(`not run: ${[...open].join(", ")}`);
  if (!lines.some(({ type }) => type === "end") && problems.length === 0) {
    problems.push("it never came to an end");
  }
  return { ...about, adapter, passed, problems, digests };
}

/** How many digests two runtimes share, of those that both have, samples not counted. */
export function equalBits(a: Standing, b: Standing): { readonly equal: number; readonly both: number } {
  const both = [...a.digests].filter(([id]) => id !== SAMPLES && b.digests.has(id));
  return { equal: both.filter(([id, digest]) => b.digests.get(id) === digest).length, both: both.length };
}

/** Whether two runtimes drew the same bytes. */
export function equalSamples(a: Standing, b: Standing): boolean {
  return a.digests.has(SAMPLES) && a.digests.get(SAMPLES) === b.digests.get(SAMPLES);
}

/** Whether both run on SwiftShader, and say so: then their bits must be equal. */
export function onEqualAdapters(a: Standing, b: Standing): boolean {
  return [a, b].every(({ adapter }) => /swiftshader/i.test(adapter));
}

/** The standings as a table in Markdown; each is compared with the first. */
export function standingsTable(standings: readonly Standing[]): string {
  const [first] = standings;
  const rows = standings.map((standing) => {
    const { runtime, engine, adapter, passed, problems, seconds, digests } = standing;
    const { equal, both } = equalBits(standing, first!);
    const samples = digests.get(SAMPLES)?.slice(0, 8) ?? "none";
    return [
      runtime,
      engine,
      adapter || "not told",
      `${passed}${problems.length === 0 ? "" : `, ${problems.length} failed`}`,
      standing === first ? "" : `${equal} of ${both}`,
      samples,
      seconds.toFixed(0),
    ];
  });
  const head = [
    "Runtime",
    "WebGPU",
    "Adapter",
    "Cases passed",
    "Equal in bits to the first",
    "Samples",
    "Seconds",
  ];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
