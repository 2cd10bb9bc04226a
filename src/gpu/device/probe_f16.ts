import { MAX_F16, memoryOf } from "../kernel/float_memory.ts";
import { defineKernel, type Kernel } from "../kernel/kernel.ts";

const ONE = memoryOf({ dtype: "f16" }, "f32");
const FOUR = memoryOf({ dtype: "f16" }, "vec4f");

/** Floats of 16 bits that must come back as they are: signs of zero, the smallest, subnormal, normal, the largest. */
const HALVES: readonly number[] = [
  0,
  -0,
  2 ** -24,
  -(2 ** -24),
  1023 * 2 ** -24,
  2 ** -14,
  -(2 ** -14),
  0.5,
  1 - 2 ** -11,
  1,
  1 + 2 ** -10,
  -1.5,
  2047,
  2048,
  -4098,
  MAX_F16,
  -MAX_F16,
  Infinity,
  -Infinity,
  NaN,
];

/** Floats of 32 bits to be rounded: ties, numbers beside them, subnormal results, and numbers too large. */
const SINGLES: readonly number[] = [
  1 + 2 ** -11,
  1 + 3 * 2 ** -11,
  1 + 2 ** -11 + 2 ** -20,
  -(1 + 2 ** -11 - 2 ** -20),
  0.1,
  1 / 3,
  -2 / 3,
  Math.PI,
  1000.3,
  2049,
  -2051,
  1e-5,
  -3.3e-6,
  2.7 * 2 ** -24,
  65503,
  65520,
  -70000,
  1e30,
  Infinity,
  -Infinity,
  NaN,
  2 ** -14 * (1 - 2 ** -11),
];

/** Elements of each array of the probe, a multiple of four. */
export const PROBED = 40;

/** The bytes that the kernel reads: floats of 32 bits, then the same number of 16 bits. */
export function probeInputs(): { singles: Float32Array<ArrayBuffer>; halves: Float16Array<ArrayBuffer> } {
  const fill = (values: readonly number[]) =>
    Array.from({ length: PROBED }, (_, i) => values[i % values.length]!);
  return { singles: Float32Array.from(fill(SINGLES)), halves: Float16Array.from(fill(HALVES)) };
}

/**
 * Rounds floats of 32 bits, widens floats of 16 bits, and adds and multiplies the latter, each one by one and in fours;
 * through the same text as every other kernel.
 */
export function probeKernel(): Kernel {
  return defineKernel({
    label: "probe f16",
    bindings: {
      singles: ["read", "array<f32>"],
      halves: ["read", ONE.array],
      quads: ["read", FOUR.array],
      rounded: ["write", ONE.array],
      rounded_quads: ["write", FOUR.array],
      widened: ["write", "array<f32>"],
      computed: ["write", ONE.array],
    },
    workgroup: PROBED,
    body: `  rounded[thread] = ${ONE.store("singles[thread]")};
  widened[thread] = ${ONE.load("halves[thread]")};
  let a = halves[thread];
  let b = halves[(thread + 7u) % ${PROBED}u];
  computed[2u * thread] = a + b;
  computed[2u * thread + 1u] = a * f16(0.75);
  if (thread < ${PROBED / 4}u) {
    let four = vec4u(0u, 1u, 2u, 3u) + 4u * thread;
    rounded_quads[thread] = ${
      FOUR.store("vec4f(singles[four.x], singles[four.y], singles[four.z], singles[four.w])")
    };
    let wide = ${FOUR.load("quads[thread]")};
    for (var i = 0u; i < 4u; i++) { widened[${PROBED}u + four[i]] = wide[i]; }
  }`,
  });
}

/** What the kernel wrote. */
export interface ProbeOutputs {
  /** Rounded one by one. */
  readonly rounded: Float16Array;
  /** Rounded in fours. */
  readonly roundedQuads: Float16Array;
  /** Widened one by one, then in fours. */
  readonly widened: Float32Array;
  /** Sums and products, in turns. */
  readonly computed: Float16Array;
}

/**
 * Whether the results are right: widened exactly; rounded to a neighbor, with subnormal numbers kept, numbers too large
 * as infinity and NaN as NaN; sums and products that are no further off than the last bit.
 */
export function judgeProbe({ rounded, roundedQuads, widened, computed }: ProbeOutputs): boolean {
  const { singles, halves } = probeInputs();
  for (let i = 0; i < PROBED; i++) {
    const wanted = singles[i]!;
    if (!isRounded(rounded[i]!, wanted) || !isRounded(roundedQuads[i]!, wanted)) return false;
    if (!Object.is(widened[i], halves[i]) || !Object.is(widened[PROBED + i], halves[i])) return false;
    const [a, b] = [halves[i]!, halves[(i + 7) % PROBED]!];
    // What becomes of infinity in arithmetic of 16 bits is of no use to kernels: theirs is of 32
    if (Math.abs(a) === Infinity || Math.abs(b) === Infinity) continue;
    if (!isNeighbor(computed[2 * i]!, a + b) || !isNeighbor(computed[2 * i + 1]!, a * 0.75)) return false;
  }
  return true;
}

/**
 * As {@linkcode isNeighbor}, but what is too large must have become infinite: gradients that overflow are found by
 * that.
 */
function isRounded(found: number, number: number): boolean {
  const nearest = Math.f16round(number);
  return Math.abs(nearest) === Infinity ? found === nearest : isNeighbor(found, number);
}

/** Within one unit in the last place of what the number rounds to; exact if 16 bits hold it. */
function isNeighbor(found: number, number: number): boolean {
  const nearest = Math.f16round(number);
  if (Object.is(found, nearest)) return true;
  const unit = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(number))) - 10));
  // A sum past the largest number may end there or at infinity: kernels never store either.
  if (Math.abs(number) > MAX_F16) return Math.abs(found) >= MAX_F16 && found * number > 0;
  return nearest !== number && Math.abs(found - number) < unit;
}
