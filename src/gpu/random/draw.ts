import type { Device } from "../device/device.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { each, f32, type KernelPart, read, runKernel, u32, write } from "../kernel/run_kernel.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import { advance } from "../ops/record_scalars.ts";
import type { Shape } from "../tensor/shape.ts";
import { Storage } from "../memory/storage.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { DrawOptions, UniformOptions } from "./host.ts";
import { NORMAL_WGSL, normalTable } from "./normal_table.ts";
import { keyOf, PHILOX_ITERATIONS, PHILOX_WGSL, word } from "./philox.ts";

/**
 * Which draw of a stream: a number, or a u32 tensor `[1]` that stays on the GPU. In a program it is the first of its
 * draws, and each run draws by the next one.
 */
export type DrawCounter = number | Tensor;

/** Options of a draw. */
export interface RecordedDraw {
  /** A number or a u32 tensor `[1]`. */
  counter?: DrawCounter;
  /**
   * In a program: draw the same numbers in each run, as long as nothing changes the counter. Without it each run draws
   * fresh ones.
   *
   * @default {false}
   */
  repeat?: boolean;
}

/**
 * Uniform random numbers in `[low, high)`: 24 random bits times 2^-24, scaled. See `hostUniform` for when the host
 * gives the same bytes.
 *
 * Called outside a program, the same options give the same numbers. In a program each run draws fresh ones: the first
 * those of the given counter, or of 0, the next those of the counter after that. A counter that is a tensor is advanced
 * at the end of each run, unless the program changes it itself, and can be kept, set and shared between programs. With
 * `repeat` each run draws the same. Programs that should not draw the same numbers as each other take different
 * streams.
 *
 * @throws {RangeError} if seed, stream or counter is not in its range.
 * @throws {TypeError} if the counter is a tensor, but not u32.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDevice, randomUniform } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const noise = randomUniform(device, [16, 100], { seed: 1, low: -1, high: 1 });
 * assert((await noise.data()).every((value) => value >= -1 && value < 1));
 * ```
 */
export function randomUniform(
  device: Device,
  shape: Shape,
  options: Omit<UniformOptions, "counter"> & RecordedDraw,
): Tensor {
  expectKnownOptions("randomUniform()", options, { ...DRAW_OPTIONS, low: true, high: true });
  const { low = 0, high = 1 } = options;
  return draw(device, shape, options, {
    label: "random uniform",
    formula: `params.low + vec4f(bits >> vec4u(8u)) * ${2 ** -24} * params.span`,
    uniforms: { low, span: high - low },
  });
}

/**
 * Normal random numbers of mean 0 and standard deviation 1, up to 6.3. The same bytes as `hostNormal` on every adapter:
 * a table and integer arithmetic take the place of logarithms and cosines. In a program each run draws fresh numbers,
 * see {@linkcode randomUniform}.
 *
 * @throws {RangeError} if seed, stream or counter is not in its range.
 * @throws {TypeError} if the counter is a tensor, but not u32.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hostNormal, openDevice, randomNormal } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const step = device.state([1], "u32");
 * const latent = randomNormal(device, [64, 100], { seed: 1, stream: 2, counter: step });
 * assertEquals(await latent.data(), hostNormal(6400, { seed: 1, stream: 2, counter: 0 }));
 * ```
 *
 * @example A program draws other numbers in each run
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDevice, randomNormal } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * using program = device.program({}, () => ({
 *   fresh: randomNormal(device, [2], { seed: 1 }),
 *   same: randomNormal(device, [2], { seed: 1, repeat: true }),
 * }));
 * const runs: [fresh: string, same: string][] = [];
 * for (let run = 0; run < 2; run++) {
 *   program.run();
 *   runs.push([`${await program.outputs.fresh.data()}`, `${await program.outputs.same.data()}`]);
 * }
 * assert(runs[0]![0] !== runs[1]![0] && runs[0]![1] === runs[1]![1]);
 * ```
 */
export function randomNormal(
  device: Device,
  shape: Shape,
  options: Omit<DrawOptions, "counter"> & RecordedDraw,
): Tensor {
  expectKnownOptions("randomNormal()", options, DRAW_OPTIONS);
  return draw(device, shape, options, {
    label: "random normal",
    part: normalPart(device),
    formula: FOUR_NORMALS,
    uniforms: {},
  });
}

interface Distribution {
  label: string;
  part?: KernelPart;
  formula: string;
  uniforms: Record<string, number>;
}

/** What a kernel needs to draw: `words_of(block)`, the four words of a block. */
export function drawPart(device: Device, options: Omit<DrawOptions, "counter"> & RecordedDraw): KernelPart {
  const { seed, stream = 0 } = options;
  const counter = counterOf(device, options);
  const given = counter instanceof Tensor ? counter : undefined;
  const [key_low, key_high] = keyOf(seed);
  return {
    buffers: given ? { counter: read(given) } : {},
    uniforms: {
      ...each(u32, { key_low, key_high, stream: word("stream", stream) }),
      ...(given ? {} : { counter: u32(word("counter", counter as number)) }),
    },
    declarations: `${PHILOX_WGSL}
fn words_of(block: u32) -> vec4u {
  let count = ${given ? "counter[0]" : "params.counter"};
  return philox(vec4u(block, count, params.stream, 0u), vec2u(params.key_low, params.key_high));
}`,
    iterations: PHILOX_ITERATIONS,
  };
}

/** What a kernel needs for normal numbers: `normal_of(bits)`, that of a word. */
export function normalPart(device: Device): KernelPart {
  return { buffers: { table: read(tableOn(device), "array<i32>") }, declarations: NORMAL_WGSL };
}

/** The WGSL of four normal numbers, of the four words `bits`. */
export const FOUR_NORMALS =
  "vec4f(normal_of(bits.x), normal_of(bits.y), normal_of(bits.z), normal_of(bits.w))";

/** Four numbers a thread, from the four words of one block. */
function draw(
  device: Device,
  shape: Shape,
  options: Omit<DrawOptions, "counter"> & RecordedDraw,
  { label, part, formula, uniforms }: Distribution,
): Tensor {
  const drawing = drawPart(device, options);
  const output = device.empty(shape);
  const quads = Math.ceil(output.size / 4);
  runKernel(device, {
    label,
    parts: [drawing, ...(part ? [part] : [])],
    buffers: { output: write(output, "array<vec4f>") },
    uniforms: { quads: u32(quads), ...each(f32, uniforms) },
    grid: linearGrid(quads),
    body: `  if (index >= params.quads) { return; }
  let bits = words_of(index);
  output[index] = ${formula};`,
  });
  return output;
}

const DRAW_OPTIONS = { seed: true, stream: true, counter: true, repeat: true } as const;

/**
 * The counter of a draw. In a program that draws fresh numbers in each run, it is on the GPU, and each run advances it.
 *
 * @throws {TypeError} if it is a tensor, but not u32.
 */
export function counterOf(device: Device, { counter = 0, repeat = false }: RecordedDraw): DrawCounter {
  if (!(counter instanceof Tensor)) {
    if (repeat || !device.recording) return counter;
    return counterOf(device, { counter: device.tensor([word("counter", counter)], { dtype: "u32" }) });
  }
  if (counter.dtype !== "u32") {
    throw new TypeError(
      `A random counter must be a number or a u32 tensor, found a tensor of ${counter.dtype}`,
    );
  }
  if (!repeat) device.drawsBy(counter, () => advance(counter));
  return counter;
}

const tables = new WeakMap<Device, Tensor>();

/** The table of normal quantiles on a device: created at the first draw, and kept until the device is disposed. */
function tableOn(device: Device): Tensor {
  const known = tables.get(device);
  if (known) return known;
  const values = normalTable();
  const bytes = new Uint8Array(Math.ceil(values.byteLength / 16) * 16);
  bytes.set(new Uint8Array(values.buffer));
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffer = device.ledger.create(device.gpu, { label: "normal quantiles", size: bytes.length, usage });
  device.gpu.queue.writeBuffer(buffer, 0, bytes);
  const tensor = new Tensor(device, [values.length], "u32", new Storage(values.byteLength, { buffer }));
  tables.set(device, tensor);
  return tensor;
}
