import type { Device } from "../device/device.ts";
import { LaunchTimer } from "../timing/launch_timer.ts";
import type { Program } from "../program/program.ts";
import { Stopwatch } from "../timing/stopwatch.ts";

/** Times programs: by timestamps on the GPU, or, if there are none, by the wall clock. */
export interface VariantTimer {
  /** Milliseconds of one run. */
  time(program: Program): Promise<number>;
}

/** Milliseconds of runs between two waits, for a wall clock: many times the error of subtracting a wait. */
const WALL_TIME = 40;

/** The best timer that a device has. */
export async function variantTimer(device: Device): Promise<VariantTimer> {
  if (device.capabilities.timestamps) return { time: (program) => timeOnGpu(device, program) };
  const stopwatch = await Stopwatch.on(device);
  const run = (program: Program) => () => program.run();
  return {
    time: async (program) => {
      const once = await stopwatch.time(run(program), 1);
      return await stopwatch.time(run(program), Math.max(1, Math.round(WALL_TIME / once)));
    },
  };
}

async function timeOnGpu(device: Device, program: Program): Promise<number> {
  using timer = await LaunchTimer.on(device, program.launches.length);
  program.run({}, timer.encode);
  const times = await timer.read();
  return times.reduce((all, one) => all + one, 0);
}
