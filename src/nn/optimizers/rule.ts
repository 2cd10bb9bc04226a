import { expectKnownOptions } from "../../gpu/mod.ts";
import type { OptionNames } from "../../gpu/tensor/known_options.ts";
import type { Range } from "./optimizer.ts";

/**
 * What distinguishes an optimizer from the others.
 *
 * @internal
 */
export interface Rule<Options> {
  /** Name of its class. */
  readonly name: string;
  /** All options that there are, with their defaults. */
  readonly defaults: Required<Options>;
  /** How it updates with these options. */
  formula(options: Required<Options>): Formula;
}

/** Updates a value from its gradient and from what an optimizer remembers of it. Weight decay comes before that. */
export interface Formula {
  /** Numbers among the options, in the order that they are checked in. */
  readonly ranges: Readonly<
    { learningRate: [number] } & Record<string, readonly [value: number, range?: Range]>
  >;
  /** Rows that it remembers, zeros at first: their names in WGSL, and in `state()`. */
  readonly rows: Readonly<Record<string, string>>;
  /** Rows that may become infinite while the parameters do not, such as what these are divided by. */
  readonly watched: readonly string[];
  /** Numbers that may change from step to step, in order: WGSL reads them by their names. */
  readonly settings?: Readonly<Record<string, number>>;
  /**
   * Settings that are shares of new values in averages that begin at zero: WGSL reads the sum of all shares, that of the
   * present step included, as `sum_of_name`.
   */
  readonly corrected?: readonly string[];
  /** Numbers that WGSL reads as `params.name`. */
  readonly uniforms: Readonly<{ weight_decay: number } & Record<string, number>>;
  /** Weight decay shortens the values by a share times the learning rate. Otherwise it is part of the gradients (L2). */
  readonly decoupled?: boolean;
  /** Declares what is the same for all values, from `learning_rate` and settings. */
  readonly once?: string;
  /** From `value`, `gradient`, `learning_rate` and `old_name` of each row, declares `result` and `new_name`. */
  readonly wgsl: string;
}

/**
 * The formula for options, of which those that are undefined have their defaults.
 *
 * @throws {TypeError} if there is no such option.
 */
export function formulaOf<O extends object>({ name, defaults, formula }: Rule<O>, options: O): Formula {
  const names = Object.keys(defaults) as (keyof O & string)[];
  expectKnownOptions(
    name,
    options,
    Object.fromEntries(names.map((known) => [known, true])) as OptionNames<O>,
  );
  const given = names.filter((known) => options[known] !== undefined);
  return formula({ ...defaults, ...Object.fromEntries(given.map((known) => [known, options[known]])) });
}

/** WGSL of `direction`: as it is, or with momentum, kept in the row `directions`. */
export function directionOf(along: string, momentum: number): string {
  if (momentum <= 0) return `  let direction = ${along};`;
  return `  let new_directions = params.momentum * old_directions + ${along};
  let direction = new_directions;`;
}
