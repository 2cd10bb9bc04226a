import { permuted } from "../../../gpu/mod.ts";

/**
 * As many pictures of each class, chosen at random: other ones for each draw.
 *
 * @param numbers Those to choose from.
 * @param classOf The class of each picture of the part.
 * @throws {RangeError} if a class has fewer.
 */
export function drawPerClass(
  numbers: Uint32Array,
  classOf: Uint16Array,
  { each, names, seed, draw }: {
    readonly each: number;
    readonly names: readonly string[];
    readonly seed: number;
    readonly draw: number;
  },
): Uint32Array {
  const chosen: number[] = [];
  for (const [k, name] of names.entries()) {
    const own = numbers.filter((number) => classOf[number] === k);
    if (own.length < each) {
      throw new RangeError(
        `Cannot draw ${each} images of each class: class ${JSON.stringify(name)} has ${own.length} of the ` +
          `${numbers.length} images to train on. Ask for fewer (perClass), or keep fewer for validation`,
      );
    }
    for (let i = 0; i < each; i++) {
      chosen.push(own[permuted(i, own.length, { seed, epoch: draw + 1 })]!);
    }
  }
  return Uint32Array.from(chosen);
}
