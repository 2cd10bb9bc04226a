import { sizeText } from "../../../pictures/mod.ts";
import type { ExportedRun } from "../networks.ts";
import { SOFTWARE } from "../software.ts";

/** What the networks are built from, as JSON. */
export function hubConfig(
  { architecture, discriminator, classes, latentDistribution, origin: { step, weights } }: ExportedRun,
): string {
  const { classes: _, ...generator } = architecture;
  const config = {
    model_type: "dcgan",
    software: `${SOFTWARE.name} ${SOFTWARE.version}`,
    step,
    weights,
    latentDistribution,
    classes,
    generator: { ...generator, size: sizeText(generator.size) },
    discriminator: discriminator && { ...discriminator.architecture, classes: undefined },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
