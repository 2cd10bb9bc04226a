import type { Device } from "../../device/device.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, f32, type KernelPart, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ImageShape, imageShape } from "../images/image_shape.ts";
import { imageTotals } from "./image_totals.ts";
import type { AugmentationKind } from "./kinds.ts";

/** An augmentation of images. */
export interface ImageMap {
  /** For error messages and profiles. */
  readonly label: string;
  /** `[rows, 8]`: their parameters. */
  readonly parameters: Tensor;
  /** Row of the first image's. */
  readonly first: number;
  /** What is done; the other columns of the parameters do not matter. */
  readonly kinds: readonly AugmentationKind[];
  /** Rows and columns of the rectangle that cutout blanks. */
  readonly cutout: readonly [height: number, width: number];
  /** Whether the last channel is alpha, which color leaves as it is. */
  readonly alpha: boolean;
  /** Whether brightness is added: without it the map is linear. */
  readonly offset: boolean;
}

/**
 * Images through an augmentation: color first, then what moves pixels or blanks them. With `c` for contrast, `s` for
 * saturation and `b` for brightness, all of color is one formula of a value `x`, the mean `m` of its pixel's channels and
 * the mean `M` of its image, as saturation keeps the mean of each pixel and so that of the image:
 *
 * ```text
 * y = c s x + c (1 - s) m + (1 - c) M + b
 * ```
 */
export function applyMap(x: Tensor, map: ImageMap): Tensor {
  using totals = map.kinds.includes("color") ? imageTotals(x, map.alpha) : undefined;
  return transform(x, map, { totals, dtype: x.dtype, moves: moves(map) ? "forward" : "none" });
}

/**
 * The transpose of the linear map: gradients go back to where their pixels came from. The map of colors is its own
 * transpose.
 */
export function transposeMap(gradient: Tensor, map: ImageMap): Tensor {
  const linear = { ...map, label: `${map.label} gradient`, offset: false };
  const { dtype } = gradient;
  if (!moves(map)) return applyMap(gradient, linear);
  if (!map.kinds.includes("color")) {
    return transform(gradient, linear, { totals: undefined, dtype, moves: "back" });
  }
  using moved = transform(gradient, linear, { totals: undefined, dtype: "f32", moves: "back" });
  using totals = imageTotals(moved, map.alpha);
  return transform(moved, linear, { totals, dtype, moves: "none" });
}

function moves({ kinds }: ImageMap): boolean {
  return kinds.some((kind) => kind !== "color");
}

/** What one launch does. */
interface Pass {
  /** Sums of the images, for color; without them colors stay. */
  readonly totals: Tensor | undefined;
  /** Type of the result. */
  readonly dtype: DType;
  /** Whether pixels are taken from where they come from, or from where they went. */
  readonly moves: "forward" | "back" | "none";
}

/**
 * Threads that share a row of pixels, and rows that they take one after another. What is the same for a row, as all
 * divisions are, is computed once. On a software adapter a workgroup is one SIMD register wide.
 */
const TUNING = { software: { threads: 8, rows: 16 }, hardware: { threads: 32, rows: 1 } } as const;

function tuning({ adapter }: Device): (typeof TUNING)["software" | "hardware"] {
  return TUNING[adapter.software ? "software" : "hardware"];
}

/** One launch; each thread takes all channels of a pixel. */
function transform(x: Tensor, map: ImageMap, { totals, dtype, moves }: Pass): Tensor {
  const images = imageShape("augmentImages", x);
  const { batch, height, width, channels } = images;
  const { threads, rows } = tuning(x.device);
  const output = x.device.empty(x.shape, dtype);
  const [source, target] = [read(x, "f32"), write(output, "f32")];
  const [cut_height, cut_width] = map.cutout;
  const all = (line: (channel: number) => string) =>
    Array.from({ length: channels }, (_, channel) => `      ${line(channel)}`).join("\n");
  const { row, pixel } = moves === "none" ? STAY : moveLines(map.kinds, moves);
  const colors = map.alpha ? channels - 1 : channels;
  const [rowColor, color] = totals ? colorLines(map.offset, colors) : ["", ""];
  runKernel(x.device, {
    label: map.label,
    parts: [totals ? colorPart(totals, { ...images, channels: colors }) : {}],
    buffers: { x: source, parameters: read(map.parameters, "array<vec4f>"), output: target },
    uniforms: {
      ...each(u32, { rows: batch * height, height, width, first: map.first }),
      ...(map.kinds.includes("cutout") ? each(u32, { cut_height, cut_width }) : {}),
    },
    workgroup: threads,
    grid: linearGrid(batch * height, rows),
    iterations: loopIterations(rows, loopIterations(Math.ceil(width / threads))),
    body: `  let begin = (group.y * groups.x + group.x) * ${rows}u;
  let end = min(params.rows, begin + ${rows}u);
  for (var row = begin; row < end; row++) {
    let image = row / params.height;
    let color = parameters[2u * (params.first + image)];
${row}
${rowColor}
    for (var column = thread; column < params.width; column += ${threads}u) {
      let to = (row * params.width + column) * ${channels}u;
${pixel}
      let start = origin * ${channels}u;
${all((channel) => `let v${channel} = ${source.load(`x[start + ${channel}u]`)};`)}
${color}
${
      all((channel) => {
        const value = totals && channel < colors ? `own * v${channel} + shared_value` : `v${channel}`;
        return `output[to + ${channel}u] = ${target.store(`select(0.0, ${value}, inside)`)};`;
      })
    }
    }
  }`,
  });
  return output;
}

function colorPart(totals: Tensor, { height, width, channels }: ImageShape): KernelPart {
  return {
    buffers: { totals: read(totals, "f32") },
    uniforms: each(f32, { image_share: 1 / (height * width * channels), pixel_share: 1 / channels }),
  };
}

/** Statements for a row, which see `row`, `image` and `color`, and for a pixel, which see `column` as well. */
interface Moves {
  /** For a row. */
  readonly row: string;
  /** For a pixel: the place of the one that it comes from, `origin`, and whether there is one, `inside`. */
  readonly pixel: string;
}

const STAY: Moves = {
  row: "",
  pixel: `      let inside = true;
      let origin = row * params.width + column;`,
};

/** Rows and columns after translation are those that cutout sees. */
function moveLines(kinds: readonly AugmentationKind[], way: "forward" | "back"): Moves {
  const has = (kind: AugmentationKind) => kinds.includes(kind);
  const sign = way === "forward" ? "+" : "-";
  const flip = has("flip")
    ? `      if (color.w == 1.0) { x_from = i32(params.width) - 1 - x_from; }
`
    : "";
  const shiftX = has("translation")
    ? `      x_from ${sign}= i32(place.y);
`
    : "";
  const [cutY, cutX] = way === "forward" ? ["y", "i32(column)"] : ["y_from", "x_from"];
  const within = "let within = x_from >= 0 && x_from < i32(params.width);";
  return {
    row: `    let place = parameters[2u * (params.first + image) + 1u];
    let y = i32(row - image * params.height);
    let y_from = y${has("translation") ? ` ${sign} i32(place.x)` : ""};
    let row_within = y_from >= 0 && y_from < i32(params.height);
    let row_from = (image * params.height + u32(select(0, y_from, row_within))) * params.width;
${
      has("cutout")
        ? `    let cut_y = ${cutY} - i32(place.z);
    let row_cut = cut_y >= 0 && cut_y < i32(params.cut_height);`
        : ""
    }`,
    pixel: `      var x_from = i32(column);
${way === "forward" ? `${shiftX}      ${within}\n${flip}` : `${flip}${shiftX}      ${within}`}
${
      has("cutout")
        ? `      let cut_x = ${cutX} - i32(place.w);
      let inside = row_within && within && !(row_cut && cut_x >= 0 && cut_x < i32(params.cut_width));`
        : "      let inside = row_within && within;"
    }
      let origin = row_from + u32(select(0, x_from, within));`,
  };
}

/** The factor of a value, and what all values of its pixel get: statements for a row, and for a pixel. */
function colorLines(offset: boolean, channels: number): [row: string, pixel: string] {
  const values = Array.from({ length: channels }, (_, channel) => `v${channel}`);
  return [
    `    let own = color.z * color.y;
    let pixel_share = color.z * (1.0 - color.y) * params.pixel_share;
    let image_value = (1.0 - color.z) * params.image_share * totals[image]${offset ? " + color.x" : ""};`,
    `      let shared_value = pixel_share * (${values.join(" + ")}) + image_value;`,
  ];
}
