import type { Safetensors } from "../../nn/mod.ts";
import type { LatentDistribution } from "../networks/latent.ts";

/** Where the metadata of a file keep what latent vectors are drawn from. */
export const LATENT_DISTRIBUTION = "latent_distribution";

/**
 * What latent vectors are drawn from, as a file says; undefined if it does not.
 *
 * @param path The file, for the message.
 * @throws {SyntaxError} if it says something else.
 */
export function latentDistributionOf(
  { metadata }: Pick<Safetensors, "metadata">,
  path: string,
): LatentDistribution | undefined {
  const found = metadata[LATENT_DISTRIBUTION];
  if (found === undefined || found === "normal" || found === "uniform") return found;
  throw new SyntaxError(
    `Cannot use ${path}: the "${LATENT_DISTRIBUTION}" in its metadata must be "normal" or "uniform", ` +
      `found ${JSON.stringify(found)}`,
  );
}
