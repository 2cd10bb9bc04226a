import type { OptionName } from "../options.ts";

/** An option that is part of another one now. */
export interface ReplacedOption {
  /** That one. */
  readonly by: OptionName;
  /** What to give it, to end a sentence. */
  readonly value: string;
}

/** Options that older versions had. */
export const replacedOptions: Readonly<Record<string, ReplacedOption>> = {
  instanceNoiseSteps: {
    by: "instanceNoise",
    value: "a schedule, such as 0.1:0@5000,linear (a number alone is the same in all steps)",
  },
};

/** What is wrong with the name of an option, to follow it. */
export function unknownProblem(name: string, allowed: readonly string[]): string {
  const replaced = Object.hasOwn(replacedOptions, name) ? replacedOptions[name] : undefined;
  return replaced
    ? `is part of "${replaced.by}" now: give that ${replaced.value}`
    : `is not an option; allowed are ${allowed.join(", ")}`;
}
