import { registersOf, SMALL } from "../contraction/variants/default_variant.ts";
import type { Contraction } from "../contraction/sums/contraction.ts";
import type { Schedule } from "../contraction/kernels/schedule.ts";
import type { Device } from "../device/device.ts";
import { sharingLanes, thinSchedules } from "./thin_schedules.ts";

/** Registers, and subgroups if they are narrow. Compiling a tall tile takes longer than a small sum ever saves. */
export function processorSchedules(
  device: Device,
  { rows, columns, depth, phases = 1 }: Pick<Contraction, "rows" | "columns" | "depth" | "phases">,
): Schedule[] {
  const lanes = sharingLanes(device);
  const small = rows * columns * depth * phases < SMALL;
  const singly = registersOf(device).singly ? { singly: true } : {};
  const wide = (tall: number, vectors: number): Schedule =>
    lanes === undefined
      ? { shape: "wide", rows: tall, vectors, lanes: 16, share: false, groups: 4 }
      : { shape: "wide", rows: tall, vectors, lanes, share: true, groups: 1, ...singly };
  const heights = small ? [8, 16] : lanes === undefined ? [4, 8, 16] : [8, 16, 32, 48, 64];
  const widths = small ? [1] : device.capabilities.subgroupSize > 4 ? [1, 2] : [1, 2, 4];
  return [
    ...thinSchedules(device),
    ...heights.flatMap((tall) => widths.map((vectors) => wide(tall, vectors))),
  ];
}
