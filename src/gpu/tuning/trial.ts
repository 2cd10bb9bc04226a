import { contractBy } from "../contraction/contract.ts";
import type { Contraction } from "../contraction/sums/contraction.ts";
import type { Variant } from "../contraction/variants/variant.ts";
import type { Device } from "../device/device.ts";
import { floatTypeOf } from "../kernel/float_memory.ts";
import { mul, sub } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { sum } from "../ops/reductions/sum.ts";
import type { Program } from "../program/program.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Elements of the output that are computed on the host. */
const SAMPLES = 64;

/** Error allowed in a sum of products, as a share of the sum of their absolute values. */
const SUM_TOLERANCE = 1e-5;

/** Error allowed in an element as it is kept, as a share of it. */
const ROUNDING = { f32: 1e-6, f16: 2 ** -10 };

/** Error allowed between two variants, as a share of the output's length as a vector. */
const VARIANT_TOLERANCE = { f32: 1e-5, f16: 2 ** -10 };

/** What of a tensor its likes are made by. */
type Like = Pick<Tensor, "shape" | "dtype" | "size">;

/** A contraction, and what its tensors are like. */
export interface TrialContraction extends Omit<Contraction, "a" | "b" | "bias" | "output"> {
  /** Left operand. */
  readonly a: Like;
  /** Right operand. */
  readonly b: Like;
  /** A bias for each column. */
  readonly bias?: Like | undefined;
  /** The result. */
  readonly output: Like;
}

/** A contraction with operands of its own, to run its variants on. */
export class Trial implements Disposable {
  #device: Device;
  #contraction: Contraction;
  #values: { a: Float32Array; b: Float32Array; bias: Float32Array | undefined };
  #owned: DisposableStack;
  #expected: Tensor | undefined;

  /** Draws operands of the contraction's sizes, always the same. */
  constructor(device: Device, contraction: TrialContraction) {
    using owned = new DisposableStack();
    const values = {
      a: noise(contraction.a, 1),
      b: noise(contraction.b, 2),
      bias: contraction.bias && noise(contraction.bias, 3),
    };
    const tensor = (of: Like, given: Float32Array) =>
      owned.use(device.tensor(given, { shape: of.shape, dtype: of.dtype }));
    const { bias, ...others } = contraction;
    this.#device = device;
    this.#values = values;
    this.#contraction = {
      ...others,
      a: tensor(contraction.a, values.a),
      b: tensor(contraction.b, values.b),
      ...(bias ? { bias: tensor(bias, values.bias!) } : {}),
      output: owned.use(device.empty(contraction.output.shape, contraction.output.dtype)),
    };
    this.#owned = owned.move();
  }

  /** A program that runs a variant. */
  program(variant: Variant): Program {
    return this.#device.program({}, () => contractBy(this.#device, this.#contraction, variant));
  }

  /**
   * What is wrong with the result of a program of one run, if anything. The first result that agrees with the host, in
   * a sample of elements, is the reference for all elements of the others.
   */
  async problemOf(program: Program): Promise<string | undefined> {
    const { output, accumulate } = this.#contraction;
    output.set(new Float32Array(output.size).fill(accumulate ? 0 : NaN));
    program.run();
    if (this.#expected) return await this.#differenceFrom(this.#expected);
    const problem = await this.#problemOnHost();
    if (!problem) {
      const expected = this.#owned.use(this.#device.empty(output.shape, output.dtype));
      this.#device.submit((encoder) => copy(encoder, output, expected));
      this.#expected = expected;
    }
    return problem;
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  async #problemOnHost(): Promise<string | undefined> {
    const { problem, columns, output, activation } = this.#contraction;
    const { a, b, bias } = this.#values;
    const [found] = await this.#device.read([output]);
    const step = Math.max(1, Math.floor(output.size / SAMPLES));
    for (let sample = 0; sample < SAMPLES; sample++) {
      const element = Math.min(sample * step + sample % 7, output.size - 1);
      let total = bias ? bias[element % columns]! : 0;
      let size = Math.abs(total);
      for (const [i, j] of problem.terms(element)) {
        total += a[i]! * b[j]!;
        size += Math.abs(a[i]! * b[j]!);
      }
      const expected = activation?.type === "tanh"
        ? Math.tanh(total)
        : activation && total < 0
        ? total * (activation.type === "leaky_relu" ? activation.slope : 0)
        : total;
      // Written so that NaN, what an element that was never stored holds, is an error.
      const allowed = SUM_TOLERANCE * size + ROUNDING[floatTypeOf(output)] * (1 + Math.abs(expected));
      if (!(Math.abs(found![element]! - expected) <= allowed)) {
        return `element ${element} is ${found![element]}, and should be ${expected}`;
      }
    }
    return undefined;
  }

  async #differenceFrom(expected: Tensor): Promise<string | undefined> {
    const { output } = this.#contraction;
    using scope = this.#device.scope();
    const [own, others] = [cast(output, "f32"), cast(expected, "f32")];
    const difference = sub(own, others);
    const sums = [sum(mul(difference, difference)), sum(mul(others, others))].map((s) => scope.keep(s));
    const [off, all] = (await this.#device.read(sums)).map((values) => values[0]!) as [number, number];
    for (const one of sums) one.dispose();
    const share = Math.sqrt(off / all);
    return share <= VARIANT_TOLERANCE[floatTypeOf(output)]
      ? undefined
      : `it is off by ${share} of the output's length`;
  }
}

function copy(encoder: GPUCommandEncoder, from: Tensor, to: Tensor): void {
  const [source, target] = [from.storage.range(), to.storage.range()];
  encoder.copyBufferToBuffer(source.buffer, source.offset, target.buffer, target.offset, source.size);
}

/** Numbers in [-1, 1) that look random, for a tensor, rounded to what it can hold. */
function noise({ size, dtype }: Like, seed: number): Float32Array {
  let state = Math.imul(seed, 0x9e3779b9) >>> 0;
  const values = Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return dtype === "f16" ? Float32Array.from(Float16Array.from(values)) : values;
}
