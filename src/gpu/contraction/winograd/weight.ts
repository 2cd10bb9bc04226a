import { type Binding, each, readOften, runKernel, u32, update, write } from "../../kernel/run_kernel.ts";
import { elementWalk } from "../../ops/elementwise/elements.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { range } from "../kernels/unroll.ts";
import type { ConvolutionGeometry } from "../sums/geometry.ts";
import { BLOCK } from "../sums/reference.ts";
import { bothSides, transposed, WINOGRAD } from "./matrices.ts";
import type { Tiles } from "./tiles.ts";

/** Whether the rows of a transformed weight lie in blocks. */
export function isBlocked({ outputs }: ConvolutionGeometry): boolean {
  return outputs % BLOCK === 0;
}

/**
 * `G w Gt` of the four two by two kernels of a weight, `[products, 4 * inputs, outputs]`. If they can, its rows lie in
 * blocks: products that read it in long steps took up to 1.6 times as long on llvmpipe.
 */
export function transformWeight(weight: Tensor, g: ConvolutionGeometry, tiles: Tiles): Tensor {
  const { side, products } = tiles;
  const { device } = weight;
  const output = device.empty([products, 4 * g.inputs, g.outputs]);
  const [from, to] = [readOften("weight", weight, "vec4f"), write(output, "vec4f")];
  const loads = taps().map(([i, j, tap]) => `    let d${i}_${j} = ${from.load(tap)};`);
  const place = isBlocked(g)
    ? `(quad / ${BLOCK / 4}u * 4u * params.inputs + row) * ${BLOCK / 4}u + quad % ${BLOCK / 4}u`
    : "at";
  const stores = productStarts(side).map(([u, v, start]) =>
    `    output[${start} + place] = ${to.store(`t${u}_${v}`)};`
  );
  run(device, `winograd ${side} weight`, { weight: from, output: to }, g, [
    ...loads,
    bothSides(WINOGRAD[side].G, "d", "t"),
    `    let place = ${place};`,
    ...stores,
  ]);
  return output;
}

/** The gradient of {@linkcode transformWeight}: `Gt d G`, which is written or added to `output`. */
export function gatherWeight(
  gradient: Tensor,
  output: Tensor,
  g: ConvolutionGeometry,
  { side }: Tiles,
  accumulate: boolean,
): void {
  const [from, to] = [
    readOften("gradient", gradient, "vec4f"),
    (accumulate ? update : write)(output, "vec4f"),
  ];
  const loads = productStarts(side).map(([u, v, start]) =>
    `    let d${u}_${v} = ${from.load(`${start} + at`)};`
  );
  const stores = taps().map(([i, j, tap]) => {
    const before = accumulate ? `${to.load(`output[${tap}]`)} + ` : "";
    return `    output[${tap}] = ${to.store(`${before}t${i}_${j}`)};`;
  });
  run(gradient.device, `winograd ${side} weight gradient`, { gradient: from, output: to }, g, [
    ...loads,
    bothSides(transposed(WINOGRAD[side].G), "d", "t"),
    ...stores,
  ]);
}

/** Statements for the four output channels `inner` of one input channel and one of the four kernels, `phase`. */
function run(
  device: Tensor["device"],
  label: string,
  buffers: Record<string, Binding>,
  { inputs, outputs }: ConvolutionGeometry,
  statements: readonly string[],
): void {
  const each4 = inputs * outputs / 4;
  const walk = elementWalk(device, 4 * each4);
  runKernel(device, {
    label,
    parts: [walk],
    buffers,
    uniforms: each(u32, { each: each4, inputs, quads: outputs / 4 }),
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`    let inner = at % params.each;
    let phase = at / params.each;
    let quad = inner % params.quads;
    let row = phase * params.inputs + inner / params.quads;
    let first = (phase / 2u * 4u + phase % 2u) * params.each + inner;
${statements.join("\n")}`),
  });
}

/** Places of the taps of a two by two kernel in the weight: every second, downwards and across. */
function taps(): [i: number, j: number, place: string][] {
  return range(2).flatMap((i) =>
    range(2).map((j): [number, number, string] => [i, j, `first + ${8 * i + 2 * j}u * params.each`])
  );
}

function productStarts(side: number): [u: number, v: number, start: string][] {
  const n = side + 1;
  return range(n).flatMap((u) =>
    range(n).map((v): [number, number, string] => [u, v, `${4 * (u * n + v)}u * params.each`])
  );
}
