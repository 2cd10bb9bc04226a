import { type OpenDataset, openDataset } from "../../plugins/datasets/mod.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { generateBytes } from "../../src/dcgan/sampling/generate.ts";
import { loadGenerator } from "../../src/dcgan/sampling/load_generator.ts";
import { readLabeled } from "../../src/dcgan/scores/features/labeled_pictures.ts";
import { openClassifier } from "../../src/dcgan/scores/features/open_classifier.ts";
import type { JudgmentKind } from "../../src/dcgan/scores/judge/judgment.ts";
import { countOf, firstOf, type PictureSet } from "../../src/dcgan/scores/pictures.ts";
import { prepareReference, type Reference } from "../../src/dcgan/scores/reference.ts";
import { scoreSamples } from "../../src/dcgan/scores/score_samples.ts";
import { train } from "../../src/dcgan/train.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { type Channels, encodePng, imageSizeOf, lengthOf, sidesOf } from "../../src/pictures/mod.ts";
import { once } from "../recipes/plans.ts";

/** What is compared. */
export interface FewOptions {
  /** A dataset with a label of classes. */
  readonly data: string;
  /** Its folder, if it is not in the cache. */
  readonly dataRoot?: string;
  /** Edge of the images. */
  readonly size: number;
  /** The class that the pictures are of. */
  readonly class: string;
  /** Pictures to train on. */
  readonly pictures: number;
  /** Recipes, by their names. */
  readonly recipes: Readonly<Record<string, TrainOptions>>;
  /** Steps of each run. */
  readonly steps: number;
  /** Steps between scores. */
  readonly every: number;
  /** Samples that are scored. */
  readonly scored: number;
  /** Folder of everything; what is there is not done again. */
  readonly out: string;
}

/** How samples of a checkpoint are. */
export interface FewScores {
  /** Step of the checkpoint. */
  readonly step: number;
  /** Share of the pictures trained on that samples look like. */
  readonly recallSeen: number;
  /** Share of other pictures of the class that samples look like. */
  readonly recallUnseen: number;
  /** Share of the samples that look like other pictures of the class. */
  readonly precisionUnseen: number;
  /** Distance of samples to the nearest picture trained on, as a share of that between such pictures. */
  readonly nearest: number;
  /** Patch gap to the pictures trained on. */
  readonly patchGap: number;
}

/** How a recipe did. */
export interface FewRow {
  /** Name of the recipe. */
  readonly name: string;
  /** Its scores, in the order of the steps. */
  readonly scores: readonly FewScores[];
  /** What the run warned of, and in which step. */
  readonly told: readonly { readonly step: number; readonly kind: JudgmentKind }[];
}

/** Pictures of one class, those to train on first. */
interface ClassPictures {
  readonly seen: PictureSet;
  readonly unseen: PictureSet;
}

/**
 * Trains recipes on a few pictures of one class, and compares samples with those and with other pictures of the class, by
 * features of a classifier of the whole set: copies are near the first, and do not look like more of the second.
 */
export async function compareFew(
  device: Device,
  options: FewOptions,
  say: (line: string) => void,
): Promise<FewRow[]> {
  const { data, dataRoot, size, recipes, out } = options;
  await using dataset = await openDataset(data, {
    size,
    ...(dataRoot === undefined ? {} : { data: dataRoot }),
  });
  const { seen, unseen } = await picturesOf(dataset, options);
  await writePictures(seen, `${out}/pictures`);
  using classifier = await openClassifier(device, await readLabeled(dataset), { report: say });
  const references = {
    seen: await prepareReference(seen, classifier),
    unseen: await prepareReference(unseen, classifier),
  };
  const rows: FewRow[] = [];
  for (const [name, recipe] of Object.entries(recipes)) {
    const run = `${out}/${name}`;
    rows.push(
      await once(`${run}/few.json`, async () => {
        const scores: FewScores[] = [];
        const told: { step: number; kind: JudgmentKind }[] = [];
        const given = { ...recipe, size, data: `${out}/pictures`, steps: options.steps, out: run };
        const at = { scoreEvery: options.every, checkpointEvery: options.every, sampleEvery: options.every };
        for await (const event of train(device, { ...given, ...at })) {
          if (event.type === "judgment") told.push({ step: event.step, kind: event.kind });
          if (event.type !== "checkpoint") continue;
          scores.push(await scored(device, run, event.step, references, options.scored));
          say(`${name}, ${event.step} steps: ${JSON.stringify(scores.at(-1))}`);
        }
        return { name, scores, told };
      }),
    );
  }
  return rows;
}

/** The first pictures of a class, and as many others as there are. */
async function picturesOf(dataset: OpenDataset, options: FewOptions): Promise<ClassPictures> {
  const [name, label] =
    Object.entries(dataset.labels ?? {}).find(([, { classes }]) => classes?.includes(options.class)) ?? [];
  if (!label || name === undefined) {
    throw new RangeError(`Cannot take pictures of ${options.class}: ${options.data} has no such class`);
  }
  const wanted = label.classes!.indexOf(options.class);
  const places = Array.from({ length: dataset.length }, (_, i) => i).filter((i) => label.at(i) === wanted);
  if (places.length <= options.pictures) {
    throw new RangeError(
      `Cannot keep pictures that are not trained on: ${options.class} must have more than ${options.pictures}, ` +
        `found ${places.length}`,
    );
  }
  const [height, width, channels] = dataset.shape;
  const bytes = new Uint8Array(places.length * height * width * channels);
  await dataset.read(places, bytes);
  const all = { bytes, size: imageSizeOf({ width, height }), channels };
  const unseen = { ...all, bytes: bytes.subarray(options.pictures * lengthOf(all)) };
  return {
    seen: firstOf(all, options.pictures),
    unseen: firstOf(unseen, Math.min(options.scored, places.length - options.pictures)),
  };
}

/** Scores samples of a checkpoint against both. */
async function scored(
  device: Device,
  run: string,
  step: number,
  { seen, unseen }: { readonly seen: Reference; readonly unseen: Reference },
  count: number,
): Promise<FewScores> {
  const { generator, latent, latentDistribution, size, channels } = await loadGenerator(device, run, {
    from: step,
  });
  using _ = generator;
  const samples = {
    bytes: await generateBytes(generator, { count, seed: 1, latent, latentDistribution }),
    size,
    channels,
  };
  const near = await scoreSamples(seen, samples);
  const far = await scoreSamples(unseen, samples);
  return {
    step,
    recallSeen: near.recall!.value,
    recallUnseen: far.recall!.value,
    precisionUnseen: far.precision!.value,
    nearest: near.nearest!.value,
    patchGap: near.patchGap!.value,
  };
}

/** Writes the pictures to train on as a user has them. */
async function writePictures(set: PictureSet, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const each = lengthOf(set);
  for (let i = 0; i < countOf(set); i++) {
    const data = set.bytes.slice(i * each, (i + 1) * each);
    const file = await encodePng({ ...sidesOf(set.size), channels: set.channels as Channels, data });
    await Deno.writeFile(`${folder}/${String(i).padStart(4, "0")}.png`, file);
  }
}

/** A Markdown table. */
export function formatFew(
  adapter: string,
  { data, pictures, class: named }: Pick<FewOptions, "data" | "pictures" | "class">,
  rows: readonly FewRow[],
): string {
  const heads = [
    "Recipe",
    "Steps",
    "Recall of those",
    "Recall of others",
    "Precision",
    "Nearest",
    "Patch gap",
  ];
  const lines = rows.flatMap(({ name, scores }) =>
    scores.map(({ step, recallSeen, recallUnseen, precisionUnseen, nearest, patchGap }) => [
      name,
      step.toLocaleString("en-US"),
      ...[recallSeen, recallUnseen, precisionUnseen, nearest].map((value) => value.toFixed(2)),
      patchGap.toFixed(0),
    ])
  );
  const told = rows.map(({ name, told }) =>
    `${name}: ${told.map(({ step, kind }) => `${kind} (step ${step})`).join(", ") || "no advice"}`
  );
  return [
    `${adapter}: ${pictures} pictures of ${named} (${data})`,
    "",
    ...[heads, heads.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
    "",
    ...told,
  ].join("\n");
}
