import { activationDeclaration, slopeOf } from "../../kernel/activation.ts";
import { each, f32, read, readOften, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { elementWalk } from "../../ops/elementwise/elements.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { range } from "../kernels/unroll.ts";
import type { ConvolutionGeometry } from "../sums/geometry.ts";
import { addedBias, type TransformFinish } from "./finish.ts";
import { bothSides, transposed, WINOGRAD } from "./matrices.ts";
import { TILE, type Tiles, tileUniforms } from "./tiles.ts";

/** `At p A` of the products of each tile, `[products, tiles, outputs]`: the output, with bias and activation. */
export function transformOutput(
  products: Tensor,
  output: Tensor,
  g: ConvolutionGeometry,
  tiles: Tiles,
  { bias, activation }: TransformFinish,
): void {
  const { device } = products;
  const { side, count } = tiles;
  const quads = g.outputs / 4;
  const [from, to] = [readOften("products", products, "vec4f"), write(output, "vec4f")];
  const walk = elementWalk(device, count * quads);
  const loads = range(side + 1).flatMap((u) =>
    range(side + 1).map((v) =>
      `    let d${u}_${v} = ${from.load(`${u * (side + 1) + v}u * params.plane + at`)};`
    )
  );
  const stores = inTile(side, g, (place, i, j) => {
    const sum = `t${i}_${j}${bias ? " + added" : ""}`;
    return `output[${place}] = ${to.store(activation ? `activate(${sum})` : sum)};`;
  });
  runKernel(device, {
    label: `winograd ${side} output`,
    parts: [walk],
    buffers: { products: from, ...(bias ? { bias: read(bias, "array<f32>") } : {}), output: to },
    uniforms: { ...outputUniforms(g, tiles), slope: f32(slopeOf(activation)) },
    declarations: activation ? activationDeclaration(activation) : "",
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`${outputPlace(side)}
${loads.join("\n")}
${bothSides(WINOGRAD[side].At, "d", "t")}
${bias ? addedBias("quad") : ""}
${stores.join("\n")}`),
  });
}

/** The gradient of {@linkcode transformOutput}: `A d At` of each tile, `[products, tiles, outputs]`. */
export function spreadOutput(gradient: Tensor, g: ConvolutionGeometry, tiles: Tiles): Tensor {
  const { device } = gradient;
  const { side, products, count } = tiles;
  const quads = g.outputs / 4;
  const output = device.empty([products, count, g.outputs]);
  const [from, to] = [readOften("gradient", gradient, "vec4f"), write(output, "vec4f")];
  const walk = elementWalk(device, count * quads);
  const whole = g.outHeight % side === 0 && g.outWidth % side === 0;
  const loads = range(side).flatMap((i) =>
    range(side).map((j) => {
      const value = from.load(placeOf(i, j));
      return `    let d${i}_${j} = ${whole ? value : `select(vec4f(), ${value}, ${isInside(i, j)})`};`;
    })
  );
  const stores = range(side + 1).flatMap((u) =>
    range(side + 1).map((v) =>
      `    output[${u * (side + 1) + v}u * params.plane + at] = ${to.store(`t${u}_${v}`)};`
    )
  );
  runKernel(device, {
    label: `winograd ${side} output gradient`,
    parts: [walk],
    buffers: { gradient: from, output: to },
    uniforms: outputUniforms(g, tiles),
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`${outputPlace(side)}
${loads.join("\n")}
${bothSides(transposed(WINOGRAD[side].At), "d", "t")}
${stores.join("\n")}`),
  });
  return output;
}

function outputUniforms(g: ConvolutionGeometry, tiles: Tiles) {
  const quads = g.outputs / 4;
  return {
    ...tileUniforms(tiles),
    ...each(u32, { height: g.outHeight, width: g.outWidth, quads, plane: tiles.count * quads }),
  };
}

function outputPlace(side: number): string {
  return `    let quad = at % params.quads;
    let tile = at / params.quads;
${TILE}
    let y = tile_y * ${side}u;
    let x = tile_x * ${side}u;
    let start = ((image * params.height + y) * params.width + x) * params.quads + quad;`;
}

function placeOf(i: number, j: number): string {
  return `start + (${i}u * params.width + ${j}u) * params.quads`;
}

function isInside(i: number, j: number): string {
  return `y + ${i}u < params.height && x + ${j}u < params.width`;
}

/** A statement for each element of a tile, behind a check if tiles reach past the end. */
function inTile(
  side: number,
  { outHeight, outWidth }: ConvolutionGeometry,
  statement: (place: string, i: number, j: number) => string,
): string[] {
  const whole = outHeight % side === 0 && outWidth % side === 0;
  return range(side).flatMap((i) =>
    range(side).map((j) => {
      const text = statement(placeOf(i, j), i, j);
      return whole ? `    ${text}` : `    if (${isInside(i, j)}) { ${text} }`;
    })
  );
}
