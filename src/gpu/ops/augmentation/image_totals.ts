import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { workgroupTree } from "../../kernel/workgroup_tree.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { imageShape } from "../images/image_shape.ts";
import { mul } from "../arithmetic.ts";
import { cast } from "../cast.ts";
import { sumTo } from "../reductions/sum.ts";

/** Vectors of four that a thread adds up in a row, before they join its sum. */
const RUN = 32;

/**
 * Threads that share an image, and the most runs that each takes of it: a larger image has several groups of threads. On a
 * software adapter a workgroup is one SIMD register wide.
 */
const TUNING = { software: { threads: 8, runs: 32 }, hardware: { threads: 128, runs: 2 } } as const;

/**
 * The sum of each image, `[images, 1, 1, 1]` of f32, from images of f32 or f16: in a fixed order, and no more than 32
 * numbers in a row, so that sums of large images do not drift. It reads four neighbors at once, of images that are whole
 * fours.
 *
 * @param alpha Whether the last of 2 or 4 channels is alpha, which is left out.
 */
export function imageTotals(x: Tensor, alpha = false): Tensor {
  const { device } = x;
  const { batch, channels } = imageShape("augmentImages", x);
  const size = x.size / batch;
  const like = { shape: [batch, 1, 1, 1], dtype: "f32" } as const;
  if (size === 1) return x.detach();
  const weights = Array.from({ length: 4 }, (_, at) => alpha && at % channels === channels - 1 ? 0 : 1);
  if (size % 4 !== 0) {
    if (!alpha) return sumTo(x, like);
    using scope = device.scope();
    const mask = device.tensor(weights.slice(0, channels), { shape: [1, 1, 1, channels] });
    return scope.keep(sumTo(mul(cast(x, "f32"), mask), like));
  }
  const { threads, runs } = TUNING[device.adapter.software ? "software" : "hardware"];
  const quads = size / 4;
  const parts = Math.ceil(quads / (threads * runs * RUN));
  const part = Math.ceil(quads / parts);
  const output = device.empty([batch, parts, 1, 1]);
  const source = read(x, "vec4f");
  runKernel(device, {
    label: "image totals",
    buffers: { x: source, output: write(output, "array<f32>") },
    uniforms: each(u32, { quads, parts, part, units: batch * parts }),
    workgroup: threads,
    grid: linearGrid(batch * parts, 1),
    declarations: `var<workgroup> shared_totals: array<f32, ${threads}>;`,
    iterations: loopIterations(Math.ceil(part / threads / RUN), loopIterations(RUN)) +
      treeIterations(threads),
    body: `  let unit = group.y * groups.x + group.x;
  if (unit >= params.units) { return; }
  let image = unit / params.parts;
  let begin = image * params.quads + unit % params.parts * params.part;
  let end = min((image + 1u) * params.quads, begin + params.part);
  var found = vec4f();
  for (var top = begin + thread; top < end; top += ${threads * RUN}u) {
    let stop = min(end, top + ${threads * RUN}u);
    var run = vec4f();
    for (var at = top; at < stop; at += ${threads}u) { run += ${source.load("x[at]")}${
      alpha ? ` * vec4f(${weights})` : ""
    }; }
    found += run;
  }
  var total = (found.x + found.y) + (found.z + found.w);
${workgroupTree({ value: "total", half: `${threads / 2}u`, shared: "shared_totals" })}
  if (thread == 0u) { output[unit] = total; }`,
  });
  if (parts === 1) return output;
  using partials = output;
  return sumTo(partials, like);
}
