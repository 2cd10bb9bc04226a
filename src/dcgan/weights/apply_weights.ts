import { loadStateDict } from "../../nn/mod.ts";
import { startOf } from "../schedules/scheduled_values.ts";
import type { Trainer } from "../trainer.ts";
import type { TrainerConfig } from "../trainer_config.ts";
import { MOMENTS, rowsOf } from "./optimizer_state.ts";
import type { StartingWeights } from "./starting_weights.ts";

/**
 * Sets a trainer before its first step to weights that are given. Averages of the generator begin with them.
 *
 * @param config Its betas go with states of optimizers that do not tell theirs.
 * @returns What the user should know.
 * @throws {RangeError} if they do not fit its networks.
 */
export function applyWeights(
  weights: StartingWeights,
  trainer: Trainer,
  { beta1, beta2 }: Pick<TrainerConfig, "beta1" | "beta2">,
): string[] {
  const own = [beta1, startOf(beta2)];
  const { path } = weights;
  for (const name of ["generator", "discriminator"] as const) {
    const given = weights[name];
    if (!given) continue;
    const network = trainer[name];
    const averages = name === "generator" ? [...trainer.averages.values()] : [];
    try {
      for (const one of [network, ...averages.map(({ network }) => network)]) {
        loadStateDict(one, given.tensors);
      }
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new RangeError(
        `Cannot start from ${path}: its ${name} must be that of the run. ${cause.message}`,
        {
          cause,
        },
      );
    }
    const { optimizer } = given;
    if (!optimizer) continue;
    const state = trainer.optimizers[name].state();
    const rows = rowsOf(optimizer, network.module, network.precision);
    for (const moment of MOMENTS) state[moment]!.set(rows[moment]);
    state.step!.set([optimizer.step]);
    const betas = ["betas.0", "betas.1"].map((key, at) => optimizer.settings.get(key) ?? own[at]!);
    state.bias_corrections!.set(betas.map((beta) => 1 - beta ** optimizer.step));
  }
  return classWarnings(weights, trainer);
}

/** Classes that have other names than they had. */
function classWarnings({ path, classes = [] }: StartingWeights, { classes: now = [] }: Trainer): string[] {
  const other = classes.findIndex((name, at) => now[at] !== name);
  if (other < 0) return [];
  return [
    `The classes in ${path} have other names than those of the data: number ${other} was ` +
    `${JSON.stringify(classes[other])} and is ${JSON.stringify(now[other])}`,
  ];
}
