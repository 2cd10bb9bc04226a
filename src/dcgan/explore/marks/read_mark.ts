import { host } from "../../../host/host.ts";
import * as v from "valibot";
import { type Mark, markOf } from "../../../pictures/mod.ts";

/** What `made` of a mark must have for its picture to be made again. */
const MADE = v.object({
  command: v.string(),
  step: v.optional(v.number()),
  weights: v.optional(v.union([v.literal("raw"), v.literal("ema"), v.number()])),
  latents: v.optional(v.string()),
  options: v.record(v.string(), v.unknown()),
});

/**
 * What a picture or a film that this module wrote says about how it was made.
 *
 * @param file The path of a PNG, APNG, WebP, GIF or MP4, or its bytes.
 * @returns Undefined if it has no mark, or is another kind of file.
 * @throws {Error} if it cannot be read.
 * @throws {SyntaxError} if its mark is damaged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, readMark, sample, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 * await sample(device, run, { seed: 7, count: 4, out: `${run}/four.png` });
 *
 * const mark = await readMark(`${run}/four.png`);
 * assertEquals(mark?.made.options, { count: 4, seed: 7 });
 * ```
 */
export async function readMark(file: string | Uint8Array): Promise<Mark | undefined> {
  return markOf(typeof file === "string" ? await host().readFile(file) : file);
}

/**
 * The options that draw the same picture again, from its mark.
 *
 * @param command What made it must be this.
 * @param file Its name, for messages.
 * @throws {RangeError} if it has no mark, or something else made it.
 */
export function optionsOfMark(
  mark: Mark | undefined,
  command: string,
  file: string,
): Record<string, unknown> {
  const made = v.safeParse(MADE, mark?.made);
  if (!made.success || made.output.command !== command) {
    const found = !mark ? "none" : made.success ? `one of ${made.output.command}` : "another one";
    throw new RangeError(`Cannot repeat ${file}: it must have a mark of ${command}, found ${found}`);
  }
  const { step, weights, options } = made.output;
  return {
    ...options,
    ...(step === undefined ? {} : { from: step }),
    ...(weights === "raw" ? { ema: false } : typeof weights === "number" ? { emaLength: weights } : {}),
  };
}
