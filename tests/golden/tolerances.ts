import type { Tolerance } from "./compare.ts";

/** A tolerance and the names it is for. */
export interface Rule {
  /** As the manifest has it. */
  readonly text: string;
  /** True if the rule is for this tensor. */
  readonly matches: (name: string) => boolean;
  /** Rules with fewer wildcards and longer names come first. */
  readonly rank: number;
  /** What is allowed. */
  readonly tolerance: Tolerance;
}

/** The rules of a case, and those that hold instead where an activation's kink flipped. */
export interface Rules {
  /** Most specific first. */
  readonly strict: readonly Rule[];
  /** Go before the strict ones, once all of the first step passed; empty where the manifest gives none. */
  readonly afterKink: readonly Rule[];
}

const OF_UPDATE = " error relative to the update, per tensor";
const BY_STEP = " by step";
const AFTER_KINK = "if_a_kink_flips";

/**
 * Reads a case's tolerances. Names may hold `*`, and several may be joined by `/`; they may end in
 * " error relative to the update, per tensor" or, with a list of absolute errors, in " by step".
 *
 * @throws {SyntaxError} naming a tolerance that is neither `rtol` and `atol`, nor `rel_L2`, nor a list by step.
 */
export function parseTolerances(table: Readonly<Record<string, unknown>>): Rules {
  const { [AFTER_KINK]: fallback = {}, ...strict } = table;
  return { strict: parseRules(strict), afterKink: parseRules(fallback as Record<string, unknown>) };
}

/** The first rule for a tensor. */
export function ruleFor(name: string, rules: readonly Rule[]): Rule | undefined {
  return rules.find((rule) => rule.matches(name));
}

function parseRules(table: Readonly<Record<string, unknown>>): Rule[] {
  const rules = Object.entries(table).map(([text, value]): Rule => {
    const suffix = [OF_UPDATE, BY_STEP].find((end) => text.endsWith(end)) ?? "";
    const names = text.slice(0, text.length - suffix.length).split("/");
    const patterns = names.map((name) => new RegExp(`^${name.split("*").map(RegExp.escape).join(".*")}$`));
    return {
      text,
      matches: (name) => patterns.some((pattern) => pattern.test(name)),
      rank: text.includes("*") ? text.length : Infinity,
      tolerance: parseTolerance(text, suffix, value),
    };
  });
  return rules.sort((a, b) => (a.rank === b.rank ? 0 : b.rank - a.rank));
}

function parseTolerance(text: string, suffix: string, value: unknown): Tolerance {
  if (suffix === BY_STEP && Array.isArray(value) && value.length > 0 && value.every(isAmount)) {
    return { kind: "elements", rtol: 0, atol: value };
  }
  const { rtol, atol, rel_L2: relL2, ...rest } = (value ?? {}) as Record<string, unknown>;
  if (suffix !== BY_STEP && Object.keys(rest).length === 0) {
    if (isAmount(relL2) && rtol === undefined && atol === undefined) {
      return { kind: "norm", relL2, ofUpdate: suffix === OF_UPDATE };
    }
    if (isAmount(rtol) && isAmount(atol) && relL2 === undefined && suffix === "") {
      return { kind: "elements", rtol, atol };
    }
  }
  throw new SyntaxError(`Tolerance '${text}' cannot be understood: ${JSON.stringify(value)}`);
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}
