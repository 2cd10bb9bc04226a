import * as v from "valibot";
import type { NpyArray } from "../../../nn/mod.ts";
import { type ImageSize, imageSizeOf } from "../../../pictures/mod.ts";
import type { OptionKind } from "../../options/option.ts";

/**
 * Latent vectors, `[count, latent]`, or maps of them, `[count, latent, height, width]`, as PyTorch has them.
 */
export type Latents = NpyArray;

/** What given latent vectors may be. */
export function latentArray(): OptionKind<Latents> {
  const isArray = (value: unknown) => {
    const { shape, data } = (value ?? {}) as Partial<Latents>;
    return Array.isArray(shape) && data instanceof Float32Array && [2, 4].includes(shape.length) &&
      shape.every((extent) => Number.isInteger(extent) && extent > 0) &&
      shape.reduce((product: number, extent: number) => product * extent, 1) === data.length;
  };
  return {
    allowed: "latent vectors: a shape [count, latent] or [count, latent, height, width], and their numbers",
    schema: v.custom<Latents>(isArray),
    fromText: (text) => text,
  };
}

/**
 * The latent map that given latents are for.
 *
 * @param asked What was asked for besides.
 * @throws {RangeError} if they are for another one than was asked for.
 */
export function mapOfLatents(
  { shape: [, , height = 1, width = 1], shape }: Latents,
  asked: ImageSize | undefined,
): ImageSize {
  const map = imageSizeOf({ width, height });
  if (asked === undefined || imageSizeText(asked) === imageSizeText(map)) return map;
  throw new RangeError(
    `Cannot draw from latents [${shape.join(", ")}]: "map" must be ${imageSizeText(map)}, found ${
      imageSizeText(asked)
    }. Leave it out`,
  );
}

/**
 * Throws unless latents fit a generator, and are finite.
 *
 * @throws {RangeError} naming what is wrong.
 */
export function expectLatents({ shape, data }: Latents, latent: number, name: string): void {
  if (shape[1] !== latent) {
    throw new RangeError(
      `Cannot draw from latents [${shape.join(", ")}]: vectors of ${name} have ${latent} numbers, found ${
        shape[1]
      }`,
    );
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const each = data.length / shape[0]!;
  throw new RangeError(
    `Cannot draw from latents: all numbers must be finite, found ${data[bad]} in vector ${
      Math.floor(bad / each)
    }`,
  );
}

function imageSizeText(size: ImageSize): string {
  return typeof size === "number" ? `${size}x${size}` : size;
}
