import type { Device } from "../../device/device.ts";
import { familyOf } from "../../device/family.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { BYTES_PER_ELEMENT } from "../../tensor/dtype.ts";
import { type ConvolutionGeometry, outputPixels, stepsOf, windowSize } from "../sums/geometry.ts";
import type { Contraction, Direction } from "../sums/contraction.ts";
import { BLOCK } from "../sums/reference.ts";
import type { TileSide } from "./matrices.ts";
import { MOST_IMAGES, USUAL_IMAGES } from "../variants/usual_batch.ts";
import { layTiles } from "./tiles.ts";

const DIRECTIONS: readonly Direction[] = ["forward", "input gradient", "weight gradient"];

/**
 * What the parts take on llvmpipe, in the time of a multiply-add of the convolution's own kernels, measured at the layers of
 * networks for 32x32 and 64x64 images. A float of a transformed input takes as long as 40 of them, and so on.
 */
const COST = {
  product: 0.6,
  input: 43,
  output: 27,
  weight: 19,
  /** Reading a transformed weight, forward and transposed, and writing its gradient. */
  operand: { "forward": 12, "input gradient": 8, "weight gradient": 23 },
} as const;

/** Rows of a product below which it takes no less time. */
const LEAST_ROWS = 32;

/**
 * Terms of a sum of products up to which tiles of 4x4 are taken: in networks with 128 maps and more, their larger errors add
 * up to too much.
 */
const LONGEST_LARGE = 256;

/** How much less an estimate must be, as it is one. */
const CLEARLY = 0.92;

/**
 * The side of the tiles by which a contraction is computed by Winograd's filtering, if it is a convolution for which that is
 * likely to be faster than a kernel of its own, on an adapter where it was measured. All directions of a convolution
 * have tiles of one side, so that they share what is transformed.
 */
export function winogradSide(device: Device, contraction: Contraction): TileSide | undefined {
  const { geometry, direction } = contraction;
  if (!geometry || !direction || familyOf(device.adapter) !== "llvmpipe" || isHalf(contraction)) {
    return undefined;
  }
  const largest = { ...geometry, images: Math.max(geometry.images, MOST_IMAGES) };
  const usual = { ...geometry, images: USUAL_IMAGES };
  let best: { readonly side: TileSide; readonly total: number } | undefined;
  for (const side of [2, 4] as const) {
    if (!canUseWinograd(device, { geometry: largest, direction }, side)) continue;
    if (side === 4 && Math.max(4 * geometry.inputs, geometry.outputs) > LONGEST_LARGE) continue;
    const total = DIRECTIONS.reduce(
      (sum, of) => sum + Math.min(ownCost(usual, of), winogradCost(usual, side, of)),
      0,
    );
    if (!best || total < best.total) best = { side, total };
  }
  if (!best) return undefined;
  const measured = direction === "weight gradient" ? geometry : usual;
  const pays = winogradCost(measured, best.side, direction) < CLEARLY * ownCost(measured, direction);
  return pays ? best.side : undefined;
}

/**
 * Whether memory counts more than time: with floats of 16 bits, of which a run has half as much, while transformed operands
 * take 32 to be right.
 */
function isHalf({ a, b, output }: Contraction): boolean {
  return [a, b, output].some(({ dtype }) => dtype === "f16");
}

/**
 * Whether a contraction can be computed by Winograd's filtering: a convolution of 4x4 taps at every second pixel, whose
 * transformed operands fit a binding, with no sum that is longer than a loop may be.
 */
export function canUseWinograd(
  { adapter, capabilities }: Device,
  { geometry: g, direction }: Pick<Contraction, "geometry" | "direction">,
  side: TileSide,
): boolean {
  if (!g || !direction || !suits(g)) return false;
  const { products, count } = layTiles(g, side);
  const [inputs, outputs] = [4 * g.inputs, g.outputs];
  const largest = products * Math.max(count * inputs, count * outputs, inputs * outputs);
  const longest = { "forward": inputs, "input gradient": outputs, "weight gradient": count }[direction];
  return largest * BYTES_PER_ELEMENT.f32 <= adapter.limits.maxStorageBufferBindingSize &&
    loopIterations(Math.ceil(longest / 4)) <= capabilities.loopIterations;
}

/** Whether a convolution falls into four of two by two taps, of the same size, and its channels into fours. */
function suits(g: ConvolutionGeometry): boolean {
  const { stride, padding, dilation } = stepsOf(g);
  const isAll = (pair: readonly number[], value: number) => pair.every((one) => one === value);
  return g.kernelHeight === 4 && g.kernelWidth === 4 && isAll(stride, 2) && isAll(padding, 1) &&
    isAll(dilation, 1) && (g.groups ?? 1) === 1 && g.height === 2 * g.outHeight &&
    g.width === 2 * g.outWidth && g.inputs % 4 === 0 && g.outputs % 4 === 0;
}

/** The cost of a convolution's own kernel. Forward, it jumps from one row of the weight to the next. */
function ownCost(g: ConvolutionGeometry, direction: Direction): number {
  const products = Math.max(outputPixels(g), LEAST_ROWS) * windowSize(g) * g.outputs;
  const jumps = Math.max(0, Math.log2(g.outputs / (2 * BLOCK)));
  return products * { "forward": 1 + 0.5 * jumps, "input gradient": 1, "weight gradient": 1.15 }[direction];
}

/** The cost of the same by Winograd's filtering. What two directions share counts half for each. */
function winogradCost(g: ConvolutionGeometry, side: TileSide, direction: Direction): number {
  const { products: n, count } = layTiles(g, side);
  const [inputs, outputs] = [4 * g.inputs, g.outputs];
  const ofInput = COST.input * n * count * inputs;
  const ofOutput = COST.output * n * count * outputs;
  const weights = n * inputs * outputs;
  const multiplied = COST.product * n * Math.max(count, LEAST_ROWS) * inputs * outputs +
    COST.operand[direction] * weights;
  const transforms = {
    "forward": ofInput + ofOutput + COST.weight * weights / 2,
    "input gradient": ofInput + ofOutput / 2 + COST.weight * weights / 2,
    "weight gradient": ofOutput / 2 + COST.weight * weights,
  };
  return multiplied + transforms[direction];
}
