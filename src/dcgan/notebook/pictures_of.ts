import {
  ALL_FINITE,
  expectKnownOptions,
  firstNonFiniteElement,
  map,
  quantizeImages,
  type Tensor,
} from "../../gpu/mod.ts";
import type { Channels, PictureBatch } from "../../pictures/mod.ts";

/** Options of {@linkcode picturesOf}. */
export interface PicturesOfOptions {
  /**
   * The floats that are black and white; those beyond are clamped. Bytes are levels already, and have no range.
   *
   * @default {[-1, 1]}
   */
  range?: readonly [black: number, white: number];
}

/**
 * The images of a tensor as pictures in memory, for `composeGrid()` and `encodePng()`. Waits for the GPU.
 *
 * @param images `[N, H, W, C]`, or `[H, W, C]` for one image, with 1 to 4 channels: f32 or f16 in `range`, or u8.
 * @throws {RangeError} if the shape is another one, the range is empty, or a value is NaN or infinite.
 * @throws {TypeError} if the tensor is of u32, or of u8 with a range, or there is no such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { composeGrid, encodePng, openDevice, picturesOf } from "@x/dcgan";
 *
 * using device = await openDevice();
 * using images = device.tensor([[[[-1], [0]], [[0.5], [1]]]]); // one gray image of 2x2
 * const pictures = await picturesOf(images);
 * assertEquals([...pictures.data], [0, 128, 191, 255]);
 * const file = await encodePng(composeGrid(pictures, { padding: 0 })); // ready for Deno.writeFile()
 * assertEquals(file.length > 0, true);
 * ```
 */
export async function picturesOf(images: Tensor, options: PicturesOfOptions = {}): Promise<PictureBatch> {
  expectKnownOptions<PicturesOfOptions>("picturesOf()", options, { range: true });
  const { device, shape, dtype } = images;
  const [height, width, channels] = sidesOfImages(images);
  using _ = device.scope();
  if (dtype === "u8") {
    if (options.range) {
      throw new TypeError("Cannot make pictures: a tensor of u8 has no range, as bytes are levels already");
    }
    const [data] = await device.read([images]);
    return { height, width, channels, data: data as Uint8Array };
  }
  if (dtype === "u32") {
    throw new TypeError("Cannot make pictures: the tensor must be of f32, f16 or u8, found u32");
  }
  const numbers = inUsualRange(images, options.range ?? [-1, 1]);
  const [data, first] = await device.read([quantizeImages(numbers), firstNonFiniteElement(numbers)]);
  if (first![0] !== ALL_FINITE) {
    const image = shape.length === 3
      ? "the image"
      : `image ${Math.floor(first![0]! / (height * width * channels))}`;
    throw new RangeError(`Cannot make pictures: values must be finite, found NaN or infinity in ${image}`);
  }
  return { height, width, channels, data: data as Uint8Array };
}

function sidesOfImages({ shape }: Tensor): [height: number, width: number, channels: Channels] {
  const [height, width, channels] = shape.slice(-3);
  if ((shape.length === 3 || shape.length === 4) && [1, 2, 3, 4].includes(channels!)) {
    return [height!, width!, channels as Channels];
  }
  throw new RangeError(
    "Cannot make pictures: the tensor must have the shape [N, H, W, C] or [H, W, C] with 1 to 4 channels, " +
      `found [${shape.join(", ")}]`,
  );
}

/** Floats as f32 in [-1, 1]. */
function inUsualRange(x: Tensor, [black, white]: readonly [number, number]): Tensor {
  if (!(white > black) || !Number.isFinite(white - black)) {
    throw new RangeError(
      `Cannot make pictures: the range must be two numbers, the smaller first, found [${black}, ${white}]`,
    );
  }
  if (x.dtype === "f32" && black === -1 && white === 1) return x;
  const uniforms = { black, scale: 2 / (white - black) };
  return map("to [-1, 1]", { x }, "(x - params.black) * params.scale - 1.0", { uniforms, dtype: "f32" });
}
