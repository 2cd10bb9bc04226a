import { loopIterations, treeIterations } from "../../gpu/kernel/iterations.ts";
import { type KernelPart, read, runKernel, u32, write } from "../../gpu/kernel/run_kernel.ts";
import { workgroupTree } from "../../gpu/kernel/workgroup_tree.ts";
import type { Device, Tensor } from "../../gpu/mod.ts";
import type { ElementWalk } from "../../gpu/ops/elementwise/elements.ts";

/** Threads that add up the sums of others. */
const THREADS = 128;

/** Squares of floats above 1.8e19 are infinite: those of numbers this many times smaller are not. */
const SMALLER = 2 ** -96;

/** How one of several launches adds up squares of the fours of numbers that it walks over. */
export interface SquareSum {
  /** What its kernel needs. */
  readonly part: KernelPart;
  /** Statements before the walk. */
  readonly before: string;
  /** Statements for the four numbers `at`. */
  readonly add: (value: string) => string;
  /** Statements after the walk. */
  readonly after: string;
}

/** Squares that several launches add up, part by part. */
export interface SquareSums {
  /** `[sums, 2]`: sums of squares, and of those of the numbers times {@linkcode SMALLER}. */
  readonly squares: Tensor;
  /** What a launch does for it. */
  readonly of: (launch: number) => SquareSum;
}

/**
 * Sums of squares of slices of a row. A workgroup stores one sum, and on a software adapter each thread one, as a
 * barrier costs more there than adding these up.
 */
export function squareSums(
  device: Device,
  walks: readonly ElementWalk[],
  slices: readonly Tensor[],
): SquareSums {
  const { software } = device.adapter;
  const groups = walks.map(({ span }, i) => Math.ceil(slices[i]!.size / 4 / span));
  const starts: number[] = [];
  let count = 0;
  for (const [i, { workgroup }] of walks.entries()) {
    starts.push(count);
    count += groups[i]! * (software ? workgroup : 1);
  }
  const squares = device.empty([count, 2]);
  return {
    squares,
    of: (i) => {
      const { size } = slices[i]!;
      const threads = walks[i]!.workgroup;
      const isRagged = size % 4 !== 0;
      const before = `  let workgroup_index = group.y * groups.x + group.x;
  var squares_of_all = vec4f();
  var squares_of_smaller = vec4f();`;
      const total = `  let one = vec4f(1.0);
  var total = vec2f(dot(squares_of_all, one), dot(squares_of_smaller, one));
`;
      const place = software ? `workgroup_index * ${threads}u + thread` : "workgroup_index";
      return {
        part: {
          buffers: { square_sums: write(squares, "array<vec2f>") },
          uniforms: {
            square_groups: u32(groups[i]!),
            square_start: u32(starts[i]!),
            ...(isRagged ? { numbers: u32(size) } : {}),
          },
          ...(software ? {} : {
            declarations: `var<workgroup> partial: array<vec2f, ${threads}>;`,
            iterations: treeIterations(threads),
          }),
        },
        before,
        add: (value) =>
          `    let four = ${isRagged ? maskedTail(value) : value};
    let smaller = four * ${SMALLER};
    squares_of_all += four * four;
    squares_of_smaller += smaller * smaller;`,
        after: `${total}${
          software ? "" : `${workgroupTree({ value: "total", half: `${threads / 2}u`, shared: "partial" })}\n`
        }  if (workgroup_index < params.square_groups${software ? "" : " && thread == 0u"}) {
    square_sums[params.square_start + ${place}] = total;
  }`,
      };
    },
  };
}

/** What lies behind the last number may be anything. */
function maskedTail(value: string): string {
  return `select(${value}, vec4f(), at * 4u + vec4u(0u, 1u, 2u, 3u) >= vec4u(params.numbers))`;
}

/** What is done with a norm, or after it. */
export interface NormUse {
  /** Parts of the kernel. */
  readonly parts?: readonly KernelPart[];
  /**
   * Factor of the norm, in WGSL.
   *
   * @default {"1.0"}
   */
  readonly share?: string;
  /** Statements of one thread after the norm is stored. */
  readonly body?: string;
}

/** The square root of all sums, `[]`. */
export function normOf(squares: Tensor, { parts = [], share = "1.0", body = "" }: NormUse = {}): Tensor {
  const { device, shape } = squares;
  const norm = device.empty([]);
  const sums = shape[0]!;
  runKernel(device, {
    label: "gradient norm",
    parts,
    buffers: { square_sums: read(squares, "array<vec2f>"), norm: write(norm, "array<f32>") },
    uniforms: { sums: u32(sums) },
    workgroup: THREADS,
    grid: [1, 1, 1],
    declarations: `var<workgroup> partial: array<vec2f, ${THREADS}>;`,
    iterations: loopIterations(Math.ceil(sums / THREADS)) + treeIterations(THREADS),
    body: `  var total = vec2f();
  for (var k = thread; k < params.sums; k += ${THREADS}u) { total += square_sums[k]; }
${workgroupTree({ value: "total", half: `${THREADS / 2}u`, shared: "partial" })}
  if (thread != 0u) { return; }
  let is_finite = (bitcast<u32>(total.x) & 0x7fffffffu) < 0x7f800000u;
  norm[0] = select(sqrt(total.y) * ${1 / SMALLER}, sqrt(total.x), is_finite) * ${share};
${body}`,
  });
  return norm;
}
