import type { Tensor } from "../../tensor/tensor.ts";
import type { Contraction } from "../sums/contraction.ts";
import { denseSum } from "../sums/dense_sum.ts";
import { outputPixels, windowSize } from "../sums/geometry.ts";
import type { DenseSizes } from "../sums/reference.ts";
import { gatherInput, transformInput } from "./input.ts";
import type { TileSide } from "./matrices.ts";
import { spreadOutput, transformOutput } from "./output.ts";
import { layTiles } from "./tiles.ts";
import type { Transformed } from "./transformed.ts";
import { gatherWeight, isBlocked, transformWeight } from "./weight.ts";

/** Computes pairs of matrices' products. */
type Multiply = (pairs: Contraction) => void;

/**
 * Computes one direction of a convolution of 4x4 taps at every second pixel by Winograd's minimal filtering (Lavin and
 * Gray 2015, arXiv:1509.09308): as the sum of four convolutions of 2x2 taps, each on a quarter of the pixels. Both operands
 * are transformed, for each element of a tile a pair of matrices is multiplied, and the products are transformed back.
 * Tiles of 2x2 take 9 products where the convolution has 16, and tiles of 4x4 take 25 for 64. All in between is in 32
 * bits, whatever the operands are kept in.
 *
 * @throws {TypeError} if it is no convolution.
 */
export function contractByWinograd(
  { geometry: g, direction, a, b, bias, activation, output, accumulate = false }: Contraction,
  side: TileSide,
  transformed: Transformed,
  multiply: Multiply,
): void {
  if (!g || !direction) throw new TypeError("Winograd's filtering computes convolutions only");
  const tiles = layTiles(g, side);
  const blocked = isBlocked(g);
  const own = transformed.ofSide(side);
  const multiplied = (left: Tensor, right: Tensor, how: Partial<DenseSizes>) => {
    const pairs = pairsOf(left, right, how);
    multiply({ ...pairs, products: outputPixels(g) * windowSize(g) * g.outputs });
    return pairs.output;
  };
  if (direction === "forward") {
    own.input ??= transformInput(a, g, tiles);
    own.weight ??= transformWeight(b, g, tiles);
    using products = multiplied(own.input, own.weight, { blocked });
    transformOutput(products, output, g, tiles, { bias, activation });
  } else if (direction === "input gradient") {
    own.output ??= spreadOutput(a, g, tiles);
    own.weight ??= transformWeight(b, g, tiles);
    using products = multiplied(own.output, own.weight, { transposeB: true, blocked });
    gatherInput(products, output, g, tiles, { bias, activation });
  } else {
    own.input ??= transformInput(a, g, tiles);
    own.output ??= spreadOutput(b, g, tiles);
    using products = multiplied(own.input, own.output, { transposeA: true });
    gatherWeight(products, output, g, tiles, accumulate);
  }
}

/** The products of pairs of matrices, `[batch, rows, depth]` and `[batch, depth, columns]` if neither is transposed. */
function pairsOf(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false, blocked = false }: Partial<DenseSizes>,
): Contraction {
  const [batch, ...sides] = a.shape as [number, number, number];
  const [rows, depth] = transposeA ? sides.toReversed() as [number, number] : sides;
  const columns = b.shape[transposeB ? 1 : 2]!;
  const sizes = { rows, columns, depth, transposeA, transposeB, batch, blocked };
  return { ...denseSum({ a, b }, sizes), a, b, output: a.device.empty([batch, rows, columns]) };
}
