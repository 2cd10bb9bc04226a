import { sizeText } from "../../../pictures/mod.ts";
import { SCORES, type Scores } from "../../scores/score.ts";
import type { ExportedRun } from "../networks.ts";
import { originText } from "../origin_text.ts";
import { SOFTWARE } from "../software.ts";
import type { RunFacts } from "./run_facts.ts";
import { SAMPLES_SEED, type SamplesPicture } from "./samples_picture.ts";

/** What a card is made of. */
export interface CardParts {
  readonly run: ExportedRun;
  /** What is known of the training; undefined of a file. */
  readonly facts: RunFacts | undefined;
  readonly samples: Pick<SamplesPicture, "count" | "rows">;
  /** Identifier of the license. */
  readonly license: string;
}

/** Colors of pictures, by channels. */
const COLORS = ["gray", "gray, transparent", "color", "color, transparent"];

/** A model card, as Hugging Face shows it: front matter in YAML, and a page in Markdown. */
export function modelCard({ run, facts, samples, license }: CardParts): string {
  const { architecture: { size, channels, latent }, classes, latentDistribution, discriminator } = run;
  const distribution = latentDistribution === "normal" ? "N(0, 1)" : "the uniform distribution on [-1, 1]";
  const drawn = samples.rows > 0
    ? `a row of ${samples.count / samples.rows} of each class`
    : `${samples.count} samples`;
  const takes = classes
    ? "`latent` `[N, " + latent + "]` and `class` `[N]` (int64)"
    : "`latent` `[N, " + latent + "]`";
  return `---
license: ${license}
pipeline_tag: unconditional-image-generation
tags:
  - dcgan
  - gan
  - image-generation
  - onnx
  - safetensors
  - pytorch
---

# ${plain(run.origin.name)}

A DCGAN (Radford, Metz and Chintala 2015) that draws ${COLORS[channels - 1]} images of ${
    sizeText(size)
  } pixels.
${plain(originText(run))} ${
    facts ? "Trained and exported" : "Exported"
  } with ${SOFTWARE.name} ${SOFTWARE.version}.

![${samples.count} samples](samples.png)

The picture shows ${drawn}, of seed ${SAMPLES_SEED}. They were not chosen.

## Use

In PyTorch, which is all that \`model.py\` needs:

\`\`\`sh
python model.py --count 64 --seed 1 --out samples.png
\`\`\`

In Deno, without Python:

\`\`\`sh
deno run -A jsr:${SOFTWARE.name}/cli sample generator.safetensors --count 64 --out samples.png
\`\`\`

In ONNX runtimes, \`generator.onnx\` takes ${takes} and gives \`image\`
\`[N, ${channels}, height, width]\` in [-1, 1]. Latent vectors are drawn from ${distribution}.
${classes ? `\nClasses: ${classes.map((name, at) => `${at} ${plain(name)}`).join(", ")}.\n` : ""}
| File | What it is |
| ---- | ---------- |
| \`generator.safetensors\` | the generator's weights, by PyTorch's names |
${
    discriminator
      ? "| `discriminator.safetensors` | the discriminator's weights, by PyTorch's names |\n"
      : ""
  }| \`model.py\` | the networks as modules of PyTorch |
| \`generator.onnx\` | the generator for ONNX runtimes |
| \`config.json\` | what the networks are built from |
| \`samples.png\` | the samples above |
${facts ? trainingText(facts) : ""}
## Limits

The images are made up. The generator learned from one set of images, and draws nothing else. It may draw copies of
images that it was trained on, faults, and the biases of its data. Check the license of that data before
you use the weights.
`;
}

function trainingText({ data, images, options, scores }: RunFacts): string {
  const count = images === undefined ? "" : `, ${images} images`;
  const rows = options.map(({ name, value, summary }) =>
    `| \`${name}\` | ${plain(value)} | ${plain(summary)} |\n`
  );
  return `
## Training

Data: ${data}${count}. Options that differ from their defaults:

| Option | Value | What it is |
| ------ | ----- | ---------- |
${rows.join("")}${scores && Object.keys(scores).length > 0 ? scoresText(scores) : ""}`;
}

function scoresText(scores: Scores): string {
  const rows = Object.entries(SCORES).flatMap(([name, { title, best, meaning }]) => {
    const score = scores[name as keyof typeof SCORES];
    if (!score) return [];
    const error = Number.isNaN(score.error) ? "" : ` ± ${figure(score.error)}`;
    return [`| ${title} | ${figure(score.value)}${error} | ${best} | ${meaning} |\n`];
  });
  return `
## Scores

As ${SOFTWARE.name} computes them at this step. They are not comparable with those of other programs.

| Score | Value | Good | What it says |
| ----- | ----- | ---- | ------------ |
${rows.join("")}`;
}

function figure(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}

/** Text without what Markdown or HTML would take for its own. */
function plain(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replace(/[\\`*_<>|[\]#]/g, "\\$&");
}
