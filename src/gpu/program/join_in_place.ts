import { writes } from "../kernel/kernel.ts";
import type { Launch } from "../kernel/launch.ts";
import type { Storage } from "../memory/storage.ts";

/** Bytes that WebGPU wants between the starts of bindings in one buffer, on any adapter. */
const ALIGNMENT = 256;

/**
 * Leaves out launches that only copy temporaries next to each other, and has these made there in the first place. That
 * needs all of them to stay as they were copied, and no launch to read one of them and write another, as WebGPU does not
 * allow that within a buffer. Of those that are `kept`, scripts expect the same, so only one of them may be.
 */
export function joinInPlace(launches: readonly Launch[], kept: ReadonlySet<Storage>): Launch[] {
  const needed = new Set(launches);
  for (const launch of launches) {
    const { joins, storages } = launch;
    if (!joins || storages.filter((storage) => kept.has(storage)).length > 1) continue;
    const parts = storages.slice(0, -1);
    const whole = storages.at(-1)!;
    if (!canJoin(parts, whole) || !areFinal([...needed], launch)) continue;
    needed.delete(launch);
    let offset = 0;
    for (const part of parts) {
      part.moveInto(whole, offset);
      offset += part.bytes;
    }
  }
  return [...needed];
}

/** Whether these are different temporaries that may lie in another one. */
function canJoin(parts: readonly Storage[], whole: Storage): boolean {
  const all = [...parts, whole];
  return new Set(all).size === all.length && all.every(({ parent, placed }) => !parent && !placed) &&
    parts.slice(0, -1).every(({ bytes }) => bytes % ALIGNMENT === 0) &&
    parts.reduce((sum, { bytes }) => sum + bytes, 0) === whole.bytes;
}

/** Whether what a launch copies is not changed later, nor its copy, and no other launch reads and writes both. */
function areFinal(launches: readonly Launch[], copy: Launch): boolean {
  const time = launches.indexOf(copy);
  const joined = new Set(copy.storages);
  const whole = copy.storages.at(-1)!;
  return launches.every(({ kernel, storages }, at) => {
    if (at === time) return true;
    const touched = storages.flatMap(({ root }, i) =>
      joined.has(root) ? [{ root, isWritten: writes(kernel.bindings[i]![1]) }] : []
    );
    const written = touched.filter(({ isWritten }) => isWritten);
    if (written.length === 0) return true;
    return at < time && touched.length === written.length && written.every(({ root }) => root !== whole);
  });
}
