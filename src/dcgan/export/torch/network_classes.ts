import type { LayerSpec } from "../layers.ts";
import type { ExportedRun } from "../networks.ts";
import { attributeLines, forwardLines } from "./layer_lines.ts";

/** The class of the generator in Python. */
export function generatorClass({ generator: { layers }, architecture: { classes } }: ExportedRun): string {
  const own = layers.filter(({ kind }) => kind !== "embedding");
  const isDense = own[0]!.kind === "linear";
  // Transposed convolutions take latent vectors as maps of one pixel
  const { lines, output } = forwardLines(own, isDense ? "z" : "z[:, :, None, None]");
  const join = classes ? ["z = torch.cat([z, self.embed(labels)], dim=1)"] : [];
  const labels = classes ? ", labels" : "";
  const what = classes ? "Latent vectors [N, LATENT] and class numbers [N]" : "Latent vectors [N, LATENT]";
  return classText({
    name: "Generator",
    doc: `${what} to images [N, CHANNELS, height, width] in [-1, 1].`,
    attributes: attributeLines(layers),
    takes: `z${labels}`,
    forward: [...join, ...lines, `return ${output}`],
  });
}

/** The class of the discriminator in Python. */
export function discriminatorClass(
  { discriminator, architecture }: ExportedRun & { discriminator: object },
): string {
  const { layers, architecture: { pack, classes } } = discriminator;
  const images = pack === 1
    ? "Images [N, CHANNELS, height, width] in [-1, 1]"
    : `${pack} images in [-1, 1] at once, [N, ${pack} * CHANNELS, height, width],`;
  return classText({
    name: "Discriminator",
    doc: `${images}${classes ? " and class numbers [N]" : ""} to logits [N].`,
    attributes: attributeLines(layers),
    takes: classes ? "x, labels" : "x",
    forward: architecture.classes ? projected(layers) : plain(layers),
  });
}

function plain(layers: readonly LayerSpec[]): string[] {
  const { lines, output } = forwardLines(layers, "x");
  return [...lines, `return ${output}.flatten()`];
}

/** Ends in a projection discriminator's logit (Miyato and Koyama 2018). */
function projected(layers: readonly LayerSpec[]): string[] {
  const maps = layers.filter(({ name }) => name !== "fc" && name !== "embed");
  const { lines, output } = forwardLines(maps, "x");
  return [
    ...lines,
    `h = ${output}.sum(dim=(2, 3))`,
    "return self.fc(h).flatten() + (self.embed(labels) * h).sum(dim=1)",
  ];
}

/** What a class in Python is made of. */
interface ClassParts {
  readonly name: string;
  readonly doc: string;
  readonly attributes: readonly string[];
  /** Names of what `forward` takes. */
  readonly takes: string;
  readonly forward: readonly string[];
}

function classText({ name, doc, attributes, takes, forward }: ClassParts): string {
  const indented = (lines: readonly string[]) => lines.map((line) => `        ${line}\n`).join("");
  return `class ${name}(nn.Module):
    """${doc}"""

    def __init__(self):
        super().__init__()
${indented(attributes)}
    def forward(self, ${takes}):
${indented(forward)}`;
}
