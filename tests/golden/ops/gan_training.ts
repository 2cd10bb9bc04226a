import type { Device, Tensor } from "../../../src/gpu/mod.ts";
import { mean } from "../../../src/gpu/mod.ts";
import type { TrainingStepOptions } from "../../../src/dcgan/training_step.ts";
import type { GoldenCase, Results } from "../golden_case.ts";
import type { Run } from "./differentiate.ts";
import { labelsOf, numbersOf, probabilitiesOf, trainNetworks } from "./networks.ts";

/** Parameters of the runs that can be done. */
const SUPPORTED = [
  ..."nz ngf ndf nc image_size batch steps g_norm d_norm".split(" "),
  ..."loss gamma_r1 gamma_r2 ema real_label fake_label generator_target trace_columns".split(" "),
  ..."adam adamw schedule clip pack d_steps accumulate classes embed_dim".split(" "),
];

/** The losses and penalties of a run. Some losses have no targets: the case then names those that all runs have. */
function lossesOf(golden: GoldenCase): TrainingStepOptions {
  const loss = golden.param("loss");
  const penalties = {
    r1: golden.number("gamma_r1", 0),
    r2: golden.number("gamma_r2", 0),
    clip: golden.number("clip", 0),
    pack: golden.number("pack", 1),
    dSteps: golden.number("d_steps", 1),
    accumulate: golden.number("accumulate", 1),
  };
  if (loss === "bce") return { ...labelsOf(golden), ...penalties };
  if (loss === "least_squares") return { loss: "least-squares", ...labelsOf(golden), ...penalties };
  golden.expectParams({ real_label: 1, fake_label: 0, generator_target: 1 });
  if (loss === "hinge" || loss === "wasserstein" || loss === "rpgan") return { loss, ...penalties };
  throw new Error(`Parameter 'loss' of ${golden.op} is ${JSON.stringify(loss)}, which is not supported`);
}

/** A norm of a case, one of those that networks can have. */
function normOf<const T extends string>(golden: GoldenCase, name: string, known: readonly T[]): T {
  const norm = golden.param(name);
  const found = known.find((one) => one === norm);
  if (found !== undefined) return found;
  throw new Error(
    `Parameter '${name}' of ${golden.op} is ${JSON.stringify(norm)}, expected one of ${known.join(", ")}`,
  );
}

/**
 * A run with a loss, an average or optimizers that PyTorch's example does not have. With losses that are not logistic,
 * its trace has means of logits in place of probabilities, and with gradient penalties the loss in one number, each
 * penalty, and the generator's loss. If gradients are clipped, it ends in their norms.
 */
async function trainGan(device: Device, golden: GoldenCase): Promise<Results> {
  golden.expectNoOthers(SUPPORTED);
  const norms = {
    gNorm: normOf(golden, "g_norm", ["batch", "none"]),
    dNorm: normOf(golden, "d_norm", ["batch", "none", "spectral"]),
  };
  if (golden.param("loss") === "bce") {
    const { decay } = (golden.param("ema") ?? {}) as { decay?: number };
    return await trainNetworks(device, golden, {
      losses: lossesOf(golden),
      ...norms,
      ...(decay === undefined ? {} : { ema: decay }),
      outsOf: (logits) => logits,
      traceOf: async (results) => {
        const { discriminator, generator } = results.gradientNorms;
        // A trace of PyTorch has them where it clips
        const gradientNorms = golden.param("clip") === undefined
          ? []
          : [await discriminator.item(), await generator.item()];
        return [...await probabilitiesOf(results), ...gradientNorms];
      },
    });
  }
  golden.expectParams({ ema: undefined, clip: undefined });
  const meanOf = async (logits: Tensor) => await mean(logits).item();
  return await trainNetworks(device, golden, {
    losses: lossesOf(golden),
    ...norms,
    outsOf: (logits) => logits,
    traceOf: async (results) => {
      const { discriminatorLossReal, discriminatorLossFake, generatorLoss } = await numbersOf(results);
      const halves = mean(results.logits.reshape([2, results.logits.size / 2]), { axes: [1] });
      const { penalties } = results;
      if (penalties) {
        const loss = discriminatorLossReal + discriminatorLossFake;
        return [loss, ...await penalties.data(), generatorLoss, ...await halves.data()];
      }
      return [
        discriminatorLossReal,
        discriminatorLossFake,
        generatorLoss,
        ...await halves.data(),
        await meanOf(results.generatorLogits),
      ];
    },
  });
}

/** Whole training runs with other recipes than PyTorch's example. */
export const ganTraining: Readonly<Record<string, Run>> = { gan_training: trainGan };
