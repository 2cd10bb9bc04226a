import { activationDeclaration, slopeOf } from "../../kernel/activation.ts";
import { each, f32, read, readOften, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { elementWalk } from "../../ops/elementwise/elements.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ConvolutionGeometry } from "../sums/geometry.ts";
import { range } from "../kernels/unroll.ts";
import { bothSides, combined, transposed, WINOGRAD } from "./matrices.ts";
import { addedBias, type TransformFinish } from "./finish.ts";
import { TILE, type Tiles, tileUniforms } from "./tiles.ts";

/**
 * `Bt d B` of each tile of the input, `[products, tiles, 4 * inputs]`. The input falls into four phases, the pixels that
 * are seen by even or odd taps downwards and across: each is convolved with two by two taps, and their products are
 * summed up as more channels are.
 */
export function transformInput(x: Tensor, g: ConvolutionGeometry, tiles: Tiles): Tensor {
  const { device } = x;
  const { side, products, count } = tiles;
  const quads = g.inputs / 4;
  const output = device.empty([products, count, 4 * g.inputs]);
  const [from, to] = [readOften("x", x, "vec4f"), write(output, "vec4f")];
  const walk = elementWalk(device, count * 4 * quads);
  const places = range(side + 1);
  // Rows and columns outside wrap around if they are before the first, and are too large
  const loads = places.flatMap((i) =>
    places.map((j) =>
      `    let d${i}_${j} = select(vec4f(), ${
        from.load(`start + (${2 * i}u * params.width + ${2 * j}u) * params.quads`)
      }, y + ${2 * i}u < params.height && x0 + ${2 * j}u < params.width);`
    )
  );
  const stores = places.flatMap((u) =>
    places.map((v) => `    output[${u * (side + 1) + v}u * params.plane + at] = ${to.store(`t${u}_${v}`)};`)
  );
  runKernel(device, {
    label: `winograd ${side} input`,
    parts: [walk],
    buffers: { x: from, output: to },
    uniforms: {
      ...tileUniforms(tiles),
      ...each(u32, { height: g.height, width: g.width, quads, plane: count * 4 * quads }),
    },
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`    let quad = at % params.quads;
    let phase = at / params.quads % 4u;
    let tile = at / params.quads / 4u;
${TILE}
    let y = tile_y * ${2 * side}u + phase / 2u - 1u;
    let x0 = tile_x * ${2 * side}u + phase % 2u - 1u;
    let start = ((image * params.height + y) * params.width + x0) * params.quads + quad;
${loads.join("\n")}
${bothSides(WINOGRAD[side].Bt, "d", "t")}
${stores.join("\n")}`),
  });
  return output;
}

/**
 * The gradient of {@linkcode transformInput}: `B d Bt` of each tile, added up where tiles overlap, with bias and activation
 * after that. A tile has a row and a column of pixels in common with the next. The first of even taps lies outside of
 * the picture, so threads own all rows of their tile but the first with even taps, and all but the last with odd ones,
 * and add what the tile after (even) or before (odd) has in common with theirs: a single product, as the first and the
 * last row of B have a single element.
 */
export function gatherInput(
  gradient: Tensor,
  output: Tensor,
  g: ConvolutionGeometry,
  tiles: Tiles,
  { bias, activation }: TransformFinish,
): void {
  const { device } = gradient;
  const { side, count, across } = tiles;
  const n = side + 1;
  const quads = g.inputs / 4;
  const [from, to] = [readOften("gradient", gradient, "vec4f"), write(output, "vec4f")];
  const walk = elementWalk(device, count * 4 * quads);
  const B = transposed(WINOGRAD[side].Bt);
  const [first, last] = [B[0]![0]!, B[side]![side]!];
  const load = (u: string, v: string, at: string) =>
    from.load(`(${u} * ${n}u + ${v}) * params.plane + ${at}`);
  const beside = (u: string, v: string, at: string, exists: string) =>
    `select(vec4f(), ${load(u, v, at)}, ${exists})`;
  // Owned elements of B times values, and what the neighbor adds to the first or last
  const owned = (
    axis: "y" | "x",
    value: (at: number) => string,
    neighbor: string,
    name: (at: number) => string,
  ) => {
    const all = B.map((row) => `(${combined(row, value)})`);
    const odd = (at: number) => at === 0 ? `${all[at]} + ${combined([last], () => neighbor)}` : all[at]!;
    const even = (at: number) => at === side ? `${all[at]} + ${combined([first], () => neighbor)}` : all[at]!;
    return range(side).map((at) =>
      `    let ${name(at)} = select(${odd(at)}, ${even(at + 1)}, even_${axis});`
    );
  };
  const places = range(n);
  const stores = range(side).flatMap((o) =>
    range(side).map((q) => {
      const sum = `out${o}_${q}${bias ? " + added" : ""}`;
      const value = to.store(activation ? `activate(${sum})` : sum);
      return `    if (y + ${2 * o}u < params.height && x + ${2 * q}u < params.width) {
      output[place + (${2 * o}u * params.width + ${2 * q}u) * params.quads] = ${value};
    }`;
    })
  );
  runKernel(device, {
    label: `winograd ${side} input gradient`,
    parts: [walk],
    buffers: { gradient: from, ...(bias ? { bias: read(bias, "array<f32>") } : {}), output: to },
    uniforms: {
      ...tileUniforms(tiles),
      ...each(u32, {
        height: g.height,
        width: g.width,
        quads,
        plane: count * 4 * quads,
        line: 4 * quads * across,
      }),
      slope: f32(slopeOf(activation)),
    },
    declarations: activation ? activationDeclaration(activation) : "",
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`    let quad = at % params.quads;
    let phase = at / params.quads % 4u;
    let tile = at / params.quads / 4u;
${TILE}
    let even_y = phase < 2u;
    let even_x = phase % 2u == 0u;
    let edge_y = select(${side}u, 0u, even_y);
    let edge_x = select(${side}u, 0u, even_x);
    let below = select(at - params.line, at + params.line, even_y);
    let beside = select(0u - 4u * params.quads, 4u * params.quads, even_x);
    let has_y = select(tile_y > 0u, tile_y + 1u < params.tiles_down, even_y);
    let has_x = select(tile_x > 0u, tile_x + 1u < params.tiles_across, even_x);
${
      places.map((i) => places.map((j) => `    let d${i}_${j} = ${load(`${i}u`, `${j}u`, "at")};`).join("\n"))
        .join("\n")
    }
${places.map((j) => `    let y${j} = ${beside("edge_y", `${j}u`, "below", "has_y")};`).join("\n")}
${places.map((i) => `    let x${i} = ${beside(`${i}u`, "edge_x", "at + beside", "has_x")};`).join("\n")}
    let corner = ${beside("edge_y", "edge_x", "below + beside", "has_y && has_x")};
${places.flatMap((j) => owned("y", (i) => `d${i}_${j}`, `y${j}`, (o) => `half${o}_${j}`)).join("\n")}
${owned("y", (i) => `x${i}`, "corner", (o) => `beside${o}`).join("\n")}
${
      range(side).flatMap((o) => owned("x", (j) => `half${o}_${j}`, `beside${o}`, (q) => `out${o}_${q}`))
        .join("\n")
    }
    let y = tile_y * ${2 * side}u + select(0u, 1u, even_y);
    let x = tile_x * ${2 * side}u + select(0u, 1u, even_x);
    let place = ((image * params.height + y) * params.width + x) * params.quads + quad;
${bias ? addedBias("quad") : ""}
${stores.join("\n")}`),
  });
}
