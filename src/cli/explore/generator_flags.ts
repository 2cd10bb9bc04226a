/** Flags for which weights of a generator are drawn from, and with which latents. */
import { Option } from "@commander-js/extra-typings";

/** The flag for weights without their average. */
export function noAverageFlag(): Option<"--no-ema", undefined, undefined, undefined> {
  return new Option(
    "--no-ema",
    "draw from the generator's weights, not from their moving average, if a run has one",
  );
}

/** The flag for the distribution of latents, which a state dict does not tell. */
export function latentDistributionFlag() {
  return new Option(
    "--latent-distribution <name>",
    "distribution of the latents: N(0, 1), or uniform on [-1, 1] (default: that of the run, else normal)",
  ).choices(["normal", "uniform"] as const);
}
