import { host } from "../../host/host.ts";
import { contractionKernel } from "../contraction/kernels/build_kernel.ts";
import { LONG_RUN } from "../contraction/sums/convolution_operands.ts";
import { convolutionSum } from "../contraction/sums/convolution_sum.ts";
import { denseSum } from "../contraction/sums/dense_sum.ts";
import { inputGradientSum } from "../contraction/sums/input_gradient_sum.ts";
import { weightGradientSum } from "../contraction/sums/weight_gradient_sum.ts";
import { WINOGRAD } from "../contraction/winograd/matrices.ts";
import type { FloatHolder } from "../kernel/float_memory.ts";
import type { Schedule } from "../contraction/kernels/schedule.ts";

/** One small schedule of each kind: they go through every line that writes kernels. */
const SCHEDULES: readonly Schedule[] = [
  { shape: "wide", rows: 8, vectors: 2, lanes: 8, share: true, groups: 1 },
  { shape: "wide", rows: 8, vectors: 2, lanes: 8, share: true, groups: 1, singly: true },
  { shape: "wide", rows: 4, vectors: 1, lanes: 16, share: false, groups: 2 },
  { shape: "thin", rows: 2, vectors: 1, lanes: 8, share: true, groups: 1 },
  { shape: "thin", rows: 1, vectors: 1, lanes: 32, share: false, groups: 2 },
  { shape: "tiled", rows: 32, columns: 32, depth: 8, rowQuads: 1, columnQuads: 2 },
  { shape: "tiled", rows: 32, columns: 32, depth: 8, rowQuads: 1, columnQuads: 2, singleBuffer: true },
];

/** Products of pairs of matrices, as Winograd's filtering has them. */
const PAIRS = [
  { batch: 9, blocked: true, transposeA: false, transposeB: false },
  { batch: 9, blocked: true, transposeA: false, transposeB: true },
  { batch: 9, transposeA: true, transposeB: false },
] as const;

const INT64 = { capabilities: { int64: true, images: false } };

/** A tensor that is read as an image. */
const IMAGE: FloatHolder = { dtype: "f32", device: { capabilities: { int64: true, images: true } }, size: 4 };

/** Whether extents are multiples of four and channels many, and how elements are kept. */
const KINDS: readonly (readonly [aligned: boolean, holder: FloatHolder])[] = [
  [true, { dtype: "f32" }],
  [true, { dtype: "f32", device: INT64 }],
  [true, IMAGE],
  [false, { dtype: "f32" }],
  [false, IMAGE],
  [true, { dtype: "f16" }],
  [true, { dtype: "f16", device: INT64 }],
  [false, { dtype: "f16" }],
];

/**
 * A checksum of the kernels that contractions are computed by, but for those of dilated convolutions, which no run has.
 * What was measured with kernels of another checksum says nothing about these.
 */
export function contractionChecksum(): string {
  const hash = host().sha256();
  for (const [aligned, holder] of KINDS) {
    const operands = { a: holder, b: holder };
    const size = aligned ? 4 : 3;
    const dense = { rows: size, columns: size, depth: size };
    const channels = aligned ? LONG_RUN : size;
    const pictures = {
      images: 1,
      height: size,
      width: size,
      inputs: channels,
      outHeight: size,
      outWidth: size,
      outputs: channels,
      kernelHeight: size,
      kernelWidth: size,
      stride: 1,
      padding: 0,
    };
    const sums = [
      denseSum(operands, { ...dense, transposeA: false, transposeB: false }),
      denseSum(operands, { ...dense, transposeA: true, transposeB: false }),
      denseSum(operands, { ...dense, transposeA: false, transposeB: true }),
      ...(aligned ? PAIRS.map((pairs) => denseSum(operands, { ...dense, ...pairs })) : []),
      convolutionSum(pictures, operands),
      inputGradientSum(pictures, operands),
      weightGradientSum(pictures, operands),
    ];
    const epilogue = {
      bias: aligned,
      activation: { type: "leaky_relu", slope: 0.2 },
      split: !aligned,
      wholeRows: aligned,
      wholeColumns: aligned,
      output: holder,
    } as const;
    for (const { problem } of sums) {
      for (const schedule of SCHEDULES) {
        if (schedule.shape === "thin" && problem.a.along !== "depth") continue;
        hash.update(contractionKernel(problem, schedule, epilogue, { splits: 1, part: size }).kernel.code);
      }
    }
  }
  hash.update(JSON.stringify(WINOGRAD));
  return hash.digest("hex").slice(0, 16);
}
