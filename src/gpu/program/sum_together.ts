import { addingParts, partsInRounds, partsIterations } from "../contraction/parts_sum.ts";
import { defineKernel, linearGrid, writes } from "../kernel/kernel.ts";
import type { Launch } from "../kernel/launch.ts";
import type { Storage } from "../memory/storage.ts";

const THREADS = 64;

/** Bytes of parts that may wait at most, as their memory is taken for longer. */
const MOST_BYTES = 2 ** 26;

/** A launch that only adds up parts. */
type Summing = Launch & Required<Pick<Launch, "sums">>;

/**
 * Puts off launches that only add up the parts of a sum, such as that of a weight's gradient, until something needs their
 * result, and has one launch do what several then wait for. Each sum keeps its order.
 *
 * @param buffers The most that a kernel can bind.
 */
export function sumTogether(launches: readonly Launch[], buffers: number): Launch[] {
  const together: Launch[] = [];
  let waiting: Summing[] = [];
  const flush = () => {
    const most = Math.floor(buffers / 2);
    for (let first = 0; first < waiting.length; first += most) {
      together.push(joined(waiting.slice(first, first + most)));
    }
    waiting = [];
  };
  for (const launch of launches) {
    if (waiting.some((one) => meets(one, launch))) flush();
    if (!isSumming(launch)) {
      together.push(launch);
      continue;
    }
    if (bytesOf(waiting) + bytesOf([launch]) > MOST_BYTES) flush();
    waiting.push(launch);
  }
  flush();
  return together;
}

/** Sums of floats of 32 bits: others are stored in another way. */
function isSumming(launch: Launch): launch is Summing {
  const { sums, kernel } = launch;
  return sums !== undefined && kernel.bindings.length === 2 &&
    kernel.bindings.every(([, , type]) => type === "array<f32>");
}

function bytesOf(launches: readonly Launch[]): number {
  return launches.reduce((sum, { storages }) => sum + storages[0]!.bytes, 0);
}

/** Whether a launch touches what one that waits writes, or writes what it reads. */
function meets({ storages: [parts, result] }: Summing, { kernel, storages }: Launch): boolean {
  return storages.some((storage, i) =>
    overlap(storage, result!) || writes(kernel.bindings[i]![1]) && overlap(storage, parts!)
  );
}

function overlap(a: Storage, b: Storage): boolean {
  return a.root === b.root && a.start < b.start + b.bytes && b.start < a.start + a.bytes;
}

/** One launch for several: each sum has workgroups of its own. */
function joined(launches: readonly Summing[]): Launch {
  if (launches.length === 1) return launches[0]!;
  const all = launches.map(({ sums, storages }, i) => ({
    ...sums,
    names: { parts: `parts_${i}`, result: `result_${i}`, count: `count_${i}`, rounds: `rounds_${i}` },
    padded: Math.ceil(sums.size / THREADS) * THREADS,
    storages,
  }));
  const kernel = defineKernel({
    label: launches[0]!.kernel.label,
    bindings: Object.fromEntries(
      all.flatMap(({ names: { parts, result } }) => [
        [parts, ["read", "array<f32>"]] as const,
        [result, ["write", "array<f32>"]] as const,
      ]),
    ),
    uniforms: Object.fromEntries(
      all.flatMap(({ names: { count, rounds } }) => [[count, "u32"] as const, [rounds, "u32"] as const]),
    ),
    workgroup: THREADS,
    iterations: () => Math.max(...all.map(({ parts }) => partsIterations(parts))),
    body: `  var at = index;
${
      all.map(({ parts, names }) =>
        `  if (at < params.${names.count}) {
    var sum = 0.0;
  ${
          addingParts(parts, `params.${names.rounds}`, (part) =>
            `${names.parts}[${part} * params.${names.count} + at]`)
        }
    ${names.result}[at] = sum;
  }
  at -= (params.${names.count} + ${THREADS - 1}u) / ${THREADS}u * ${THREADS}u;`
      ).join("\n")
    }`,
  });
  return {
    kernel,
    storages: all.flatMap(({ storages }) => storages),
    uniforms: all.flatMap(({ size, parts }) => [size, partsInRounds(parts)]),
    workgroups: linearGrid(all.reduce((sum, { padded }) => sum + padded, 0), THREADS),
  };
}
