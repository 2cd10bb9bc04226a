import type { TensorData } from "../../src/files/safetensors.ts";
import { compare } from "./compare.ts";
import { parseTolerances, type Rule, ruleFor } from "./tolerances.ts";

/** What came of holding results to a case. */
export interface Verdict {
  /** One line for each tensor that is wrong. Empty where the case passed. */
  readonly problems: readonly string[];
  /** Something to say about a case that passed. */
  readonly note?: string;
}

/**
 * Holds results to the golden tensors. Every tensor that a tolerance names must have been computed and be close enough,
 * every tolerance must name a tensor, and every output and gradient must have a tolerance.
 */
export function judge(
  results: ReadonlyMap<string, TensorData>,
  golden: ReadonlyMap<string, TensorData>,
  tolerance: Readonly<Record<string, unknown>>,
): Verdict {
  const { strict, afterKink } = parseTolerances(tolerance);
  const problems = [...gaps(golden, strict), ...differences(results, golden, strict)];
  if (problems.length === 0 || afterKink.length === 0) return { problems };
  if (problems.some((problem) => problem.startsWith("step1."))) return { problems };
  const relaxed = [...gaps(golden, strict), ...differences(results, golden, [...afterKink, ...strict])];
  if (relaxed.length > 0) return { problems };
  return { problems: [], note: `passes as a run in which a kink flipped: ${problems[0]}` };
}

/** Tolerances without tensors, and golden results without tolerances. */
function gaps(golden: ReadonlyMap<string, TensorData>, rules: readonly Rule[]): string[] {
  const names = [...golden.keys()];
  const unused = rules.filter(({ matches }) => !names.some(matches));
  const unjudged = names.filter((name) => /^(output|grad)\./.test(name) && !ruleFor(name, rules));
  return [
    ...unused.map(({ text }) => `no tensor for tolerance '${text}'`),
    ...unjudged.map((name) => `${name}: no tolerance given`),
  ];
}

function differences(
  results: ReadonlyMap<string, TensorData>,
  golden: ReadonlyMap<string, TensorData>,
  rules: readonly Rule[],
): string[] {
  return [...golden].flatMap(([name, want]) => {
    const rule = ruleFor(name, rules);
    const start = golden.get(name.replace(/^[^.]*\./, "init."));
    const problem = rule && compare(results.get(name), want, rule.tolerance, start);
    return problem ? [`${name}: ${problem}`] : [];
  });
}
