import { writeFileAtomic } from "../../../files/atomic_write.ts";
import { encodeNpy } from "../../../files/npy.ts";
import type { Device } from "../../../gpu/mod.ts";
import { type Picture, sidesOf } from "../../../pictures/mod.ts";
import { integer, nameList, text, toggle } from "../../options/option.ts";
import { chooseClasses } from "../../sampling/choose_classes.ts";
import { checkOptions, type OptionKinds } from "../check_options.ts";
import { moveLatent } from "../directions/latent_direction.ts";
import { chooseNamed } from "../directions/named_directions.ts";
import { expectShown } from "../films/draw_frames.ts";
import {
  type GeneratorOptions,
  generatorOptionsOf,
  SEED_KIND,
  SINGLE_LATENT_KINDS,
} from "../generator_options.ts";
import { type OpenGenerator, openGenerator } from "../open_generator.ts";
import type { RunDataOptions } from "../run_data.ts";
import { Sheet, sheetShape } from "../sheet.ts";
import { writeSheet } from "../write_sheet.ts";
import { blend } from "./blend.ts";
import { findLatent, type FoundLatent } from "./find_latent.ts";
import { readMask, readTarget } from "./read_target.ts";

/** Options of {@linkcode project}. */
export interface ProjectOptions
  extends Omit<GeneratorOptions, "map" | "statistics">, Pick<RunDataOptions, "progress" | "signal"> {
  /** Picture files. Their middles are taken, as in training. */
  pictures: readonly string[];
  /** A PNG with each picture and what was found of it side by side. */
  out: string;
  /**
   * A file for the latent vectors, `[pictures, latent]` as float32. `interpolate()` and `sample()` take them.
   */
  latentsOut?: string;
  /** Picture file that is white where the one picture is to be filled in; only its other pixels count. */
  mask?: string;
  /** A PNG with the picture filled in, blended. */
  filledOut?: string;
  /**
   * Directions with names to move what was found along, and how far, in standard deviations of the latents.
   */
  move?: Readonly<Record<string, number>>;
  /**
   * Steps of Adam.
   *
   * @default {300}
   */
  steps?: number;
  /**
   * Attempts at once, each from another sample; the best one counts.
   *
   * @default {4}
   */
  attempts?: number;
  /**
   * Seed of the samples that attempts begin from.
   *
   * @default {1}
   */
  seed?: number;
  /** Classes to look among, of a conditional generator, by name or number; all, if not given. */
  classes?: readonly (string | number)[];
  /**
   * Whether PNGs say that they were generated, and how; see `readMark()`.
   *
   * @default {true}
   */
  mark?: boolean;
}

const { statistics: _, ...GENERATOR } = SINGLE_LATENT_KINDS;

const KINDS: OptionKinds<ProjectOptions> = {
  ...GENERATOR,
  pictures: nameList(),
  out: text("the path of a PNG"),
  latentsOut: text("the path of a file"),
  mask: text("the path of a picture"),
  filledOut: text("the path of a PNG"),
  move: null,
  steps: integer(1, 100_000),
  attempts: integer(1, 256),
  seed: SEED_KIND,
  classes: nameList(),
  mark: toggle(),
  progress: null,
  signal: null,
};

/** What {@linkcode project} found. */
export interface ProjectResult {
  /** What was found of each picture. */
  readonly found: readonly FoundLatent[];
  /** Names of their classes, of a conditional generator. */
  readonly classes: readonly string[] | undefined;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/** Decibels below which a picture does not look like what was found. */
const FAR = 20;

/**
 * Finds pictures of your own in the latent space of a generator, and shows how near it comes: each picture,
 * what was found, and if wanted the picture with a hole filled in, or what was found moved along directions.
 *
 * @throws {Error} if there is no generator, or a file cannot be read or written.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed.
 */
export async function project(
  device: Device,
  source: string,
  options: ProjectOptions,
): Promise<ProjectResult> {
  checkOptions<ProjectOptions>("project()", "project", options, KINDS, ["pictures", "out"]);
  const { pictures, mask, move = {}, latentsOut, filledOut, out, signal } = options;
  if (mask !== undefined && pictures.length > 1) {
    throw new RangeError(`Cannot project: "mask" needs a single picture, found ${pictures.length}`);
  }
  if (filledOut !== undefined && mask === undefined) {
    throw new RangeError('Cannot project: "filledOut" needs a "mask"');
  }
  using generator = await openGenerator(device, source, generatorOptionsOf(options));
  expectShown(generator);
  const warnings = [...generator.warnings];
  const moves = await movesOf(source, move, generator, warnings);
  const { labels } = chooseClasses(generator.classes, options.classes, source);
  const counted = mask === undefined ? undefined : await readMask(mask, generator);
  const targets: Uint8Array[] = [];
  for (const path of pictures) targets.push(await readTarget(path, generator));
  const found = await findAll(generator, targets, { ...options, counted, labels });
  for (const [at, { psnr }] of found.entries()) {
    if (psnr >= FAR) continue;
    warnings.push(
      `What was found of ${pictures[at]} is far from it, ${
        psnr.toFixed(1)
      } dB: the generator cannot draw such a picture`,
    );
  }
  const filled = counted && blend(targets[0]!, found[0]!.picture, counted, sidesOf(generator.size));
  const moved = moves.length === 0 ? undefined : await drawMoved(generator, found, moves);
  const sheet = drawSheet(generator, targets, found, { counted, filled, moved, move });
  signal?.throwIfAborted();
  const made = {
    pictures: pictures.length,
    move: moves.length === 0 ? undefined : textsOf(move),
    steps: options.steps,
    seed: options.seed,
  };
  const making = { command: "project", what: "A picture and its nearest samples", options: made };
  const writing = { mark: options.mark ?? true, signal };
  await writeSheet(sheet, making, generator, { ...writing, out });
  if (latentsOut !== undefined) {
    const data = Float32Array.from(found.flatMap(({ latent }) => [...latent]));
    await writeFileAtomic(latentsOut, encodeNpy({ shape: [found.length, generator.latent], data }));
  }
  if (filledOut !== undefined) {
    const picture = { ...sheetShape(generator), data: filled! };
    await writeSheet(picture, { ...making, what: "A picture, filled in" }, generator, {
      ...writing,
      out: filledOut,
    });
  }
  return { found, classes: generator.classes, warnings };
}

async function movesOf(
  source: string,
  move: Readonly<Record<string, number>>,
  generator: OpenGenerator,
  warnings: string[],
) {
  const bad = Object.entries(move).find(([, sigmas]) => !Number.isFinite(sigmas));
  if (bad) throw new RangeError(`Cannot move along "${bad[0]}": how far must be a number, found ${bad[1]}`);
  const directions = await chooseNamed(source, Object.keys(move), generator, warnings);
  return directions.map((direction) => [direction, move[direction.name]!] as const);
}

async function findAll(
  generator: OpenGenerator,
  targets: readonly Uint8Array[],
  { steps = 300, attempts = 4, seed = 1, counted, labels, progress = () => {}, signal }: ProjectOptions & {
    readonly counted: Float32Array | undefined;
    readonly labels: readonly number[] | undefined;
  },
): Promise<FoundLatent[]> {
  const found: FoundLatent[] = [];
  for (const [at, picture] of targets.entries()) {
    const tell = (done: number) =>
      progress({
        what: "looking for the nearest",
        done: attempts * (at * steps + done),
        total: attempts * targets.length * steps,
        unit: "images",
      });
    found.push(
      await findLatent(generator, picture, {
        counted,
        steps,
        attempts,
        seed,
        classes: labels,
        progress: tell,
        signal,
      }),
    );
  }
  return found;
}

async function drawMoved(
  generator: OpenGenerator,
  found: readonly FoundLatent[],
  moves: Awaited<ReturnType<typeof movesOf>>,
): Promise<Uint8Array> {
  const { latent, latentDistribution } = generator;
  const latents = new Float32Array(found.length * latent);
  for (const [at, one] of found.entries()) {
    latents.set(moveLatent(one.latent, moves, latentDistribution), at * latent);
  }
  return await generator.draw(latents, generator.classes && found.map(({ label }) => label!));
}

/** What is shown beside a picture and what was found of it. */
interface Beside {
  readonly counted: Float32Array | undefined;
  readonly filled: Uint8Array | undefined;
  readonly moved: Uint8Array | undefined;
  readonly move: Readonly<Record<string, number>>;
}

function drawSheet(
  generator: OpenGenerator,
  targets: readonly Uint8Array[],
  found: readonly FoundLatent[],
  { counted, filled, moved, move }: Beside,
): Picture {
  const movesText = textsOf(move);
  const above = ["picture", "found", ...filled ? ["filled in"] : [], ...moved ? ["moved"] : []];
  const layout = {
    columns: above.length,
    rows: targets.length,
    above,
    captions: Math.max(1, movesText.length),
  };
  const sheet = new Sheet(sheetShape(generator), layout, "draw what was found");
  for (const [row, target] of targets.entries()) {
    const { picture, psnr } = found[row]!;
    sheet.place(counted ? withHole(target, counted) : target, 0, row);
    sheet.place(picture, 1, row, [`${psnr.toFixed(1)} dB`]);
    if (filled) sheet.place(filled, 2, row);
    if (!moved) continue;
    const { pictureLength } = generator;
    const shown = moved.subarray(row * pictureLength, (row + 1) * pictureLength);
    sheet.place(shown, filled ? 3 : 2, row, movesText);
  }
  return sheet.picture;
}

/** Middle gray where pixels are to be filled in. */
function withHole(picture: Uint8Array, counted: Float32Array): Uint8Array {
  const channels = picture.length / counted.length;
  return picture.map((level, at) => counted[Math.floor(at / channels)] === 0 ? 128 : level);
}

/** `smile +2`, `hair -1`. */
function textsOf(move: Readonly<Record<string, number>>): string[] {
  return Object.entries(move).map(([name, sigmas]) => `${name} ${sigmas > 0 ? "+" : ""}${sigmas}`);
}
