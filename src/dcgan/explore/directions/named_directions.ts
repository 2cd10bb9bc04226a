import { host } from "../../../host/host.ts";
import { basename, dirname, join, resolve } from "../../../host/paths.ts";
import * as v from "valibot";
import { writeFileAtomic } from "../../../files/atomic_write.ts";
import type { GeneratorOrigin } from "../../checkpoints/find_generator.ts";
import { parseJsonObject } from "../../options/json_object.ts";
import type { LatentDirection } from "./latent_direction.ts";

/** A direction that somebody gave a name. */
export interface NamedDirection extends LatentDirection {
  /** Step of the generator that it was found in; undefined if that is not known. */
  readonly step: number | undefined;
}

/** The file of the names, in the folder of a run. */
const FILE = "directions.json";

const ENTRY = v.object({
  source: v.string(),
  step: v.optional(v.number()),
  vector: v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1)),
});

/**
 * Throws unless a name can be told from a number and from a list.
 *
 * @throws {RangeError} if not.
 */
export function expectName(name: string): void {
  if (/^[^\s=,]+$/.test(name) && !/^\d+$/.test(name)) return;
  throw new RangeError(
    `Cannot name a direction: its name must be a word without "=" and ",", and no number, found ${
      JSON.stringify(name)
    }`,
  );
}

/**
 * Where the named directions of a generator are: `directions.json` in its run folder, or beside its file, as
 * in `netG.directions.json`.
 */
export async function namedDirectionsPath(source: string): Promise<string> {
  const path = resolve(source);
  if (await host().stat(path).then(({ isFile }) => isFile, () => false)) {
    return path.replace(/(\.safetensors)?$/, `.${FILE}`);
  }
  // The folder of a checkpoint belongs to a run
  const isCheckpoint = /^step-\d+$/.test(basename(path)) && basename(dirname(path)) === "checkpoints";
  return join(isCheckpoint ? dirname(dirname(path)) : path, FILE);
}

/**
 * Reads the named directions of a generator, by name; none if there is no file.
 *
 * @throws {SyntaxError} if the file cannot be used.
 */
export async function readNamedDirections(source: string): Promise<Map<string, NamedDirection>> {
  const path = await namedDirectionsPath(source);
  let text: string;
  try {
    text = await host().readTextFile(path);
  } catch (error) {
    if (host().problemOf(error) === "NotFound") return new Map();
    throw error;
  }
  return new Map(
    Object.entries(parseJsonObject(text, path)).map(([name, value]) => {
      if (!v.is(ENTRY, value)) {
        throw new SyntaxError(
          `Cannot use ${path}: "${name}" must have a source, and a vector of numbers. Remove it, or name it again`,
        );
      }
      const { source, step, vector } = value;
      return [name, { name, source, step, vector: Float32Array.from(vector) }];
    }),
  );
}

/**
 * Gives directions names, beside those that are there; a name that is taken is given anew.
 *
 * @returns The path of the file.
 */
export async function writeNamedDirections(
  source: string,
  named: readonly LatentDirection[],
  { step }: Pick<GeneratorOrigin, "step">,
): Promise<string> {
  const all = await readNamedDirections(source);
  for (const direction of named) all.set(direction.name, { ...direction, step });
  const entries = [...all.values()].map(({ name, source, step, vector }) => {
    const numbers = Array.from(vector, (value) => Number(value.toPrecision(7))).join(", ");
    const known = step === undefined ? "" : `, "step": ${step}`;
    return `  ${JSON.stringify(name)}: { "source": ${
      JSON.stringify(source)
    }${known}, "vector": [${numbers}] }`;
  });
  const path = await namedDirectionsPath(source);
  await writeFileAtomic(path, new TextEncoder().encode(`{\n${entries.join(",\n")}\n}\n`));
  return path;
}

/**
 * The named directions of some names.
 *
 * @param warnings Takes a sentence for each that was found in another checkpoint.
 * @throws {RangeError} if there is none of a name, or it is of another latent space.
 */
export async function chooseNamed(
  source: string,
  names: readonly string[],
  { latent, origin: { step } }: { readonly latent: number; readonly origin: GeneratorOrigin },
  warnings: string[],
): Promise<LatentDirection[]> {
  const all = await readNamedDirections(source);
  return names.map((name) => {
    const found = all.get(name);
    if (!found) {
      const known = [...all.keys()].map((one) => JSON.stringify(one)).join(", ") || "none";
      throw new RangeError(
        `Cannot move along "${name}": it must be a direction that has a name, one of: ${known}. ` +
          "The command directions gives names",
      );
    }
    if (found.vector.length !== latent) {
      throw new RangeError(
        `Cannot move along "${name}": it must have ${latent} numbers, as a latent vector has, ` +
          `found ${found.vector.length}`,
      );
    }
    if (found.step !== step) {
      warnings.push(
        `Direction "${name}" was found in step ${found.step ?? "unknown"}, and is used in step ${
          step ?? "unknown"
        }, where it may do something else`,
      );
    }
    return found;
  });
}
