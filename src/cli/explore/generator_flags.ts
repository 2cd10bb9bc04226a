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

/** What `<run>` may be. */
export const GENERATOR_ARGUMENT =
  "run folder, one of its checkpoints, a generator's PyTorch state dict (.safetensors, .pt, .pth), or one on " +
  "the Hugging Face hub, hf:user/model";

/** The flag for one of several generators in a file. */
export function networkFlag(): Option<"--network <name>", undefined, undefined, undefined> {
  return new Option(
    "--network <name>",
    "which generator of a file with several, by what the names of its tensors begin with, such as netG_ema",
  );
}

/** The flag that keeps a generator on the hub from being looked up. */
export function offlineFlag(): Option<"--offline", undefined, undefined, undefined> {
  return new Option("--offline", "with hf:user/model: use what is already downloaded, never the network");
}
