import type { Device } from "../device/device.ts";
import { PassTimer } from "../timing/pass_timer.ts";
import type { Program } from "../program/program.ts";
import { Stopwatch } from "../timing/stopwatch.ts";
import { SUBMIT_SECONDS } from "../timing/work_in_flight.ts";

/** A program to time. */
export interface Timed {
  /** It. */
  readonly program: Program;
  /** How often it runs, one run after another. */
  readonly runs: number;
}

/** Times programs in turns: by timestamps on the GPU, or, if there are none, by the wall clock. */
export interface VariantTimer {
  /** Milliseconds of one run of each. */
  time(entries: readonly Timed[]): Promise<number[]>;
}

/** Milliseconds of runs between two waits, for a wall clock: many times the error of subtracting a wait. */
const WALL_TIME = 40;

/** The best timer that a device has. */
export async function variantTimer(device: Device): Promise<VariantTimer> {
  if (device.capabilities.timestamps) return new GpuTimer(device);
  const stopwatch = await Stopwatch.on(device);
  const timeOne = async ({ program }: Timed) => {
    const run = () => program.run();
    const once = await stopwatch.time(run, 1);
    return await stopwatch.time(run, Math.max(1, Math.round(WALL_TIME / once)));
  };
  return {
    time: async (entries) => {
      const times: number[] = [];
      for (const entry of entries) times.push(await timeOne(entry));
      return times;
    },
  };
}

/** Milliseconds of one submit at most, if no single program takes longer. */
const LONGEST_SUBMIT = SUBMIT_SECONDS * 1000;

/** Milliseconds of work before and after what is timed, so that a card is neither idle nor slow. */
const FILLING = 3;

/** How much longer than the first of its entries a program is taken to be until it was timed. */
const UNKNOWN = 4;

/**
 * How many of these, from the first on, fit into one submit, by what a run takes as far as it is known; one, if nothing is
 * known, or the first is long.
 */
export function fitting(
  entries: readonly { readonly runs: number; readonly milliseconds: number | undefined }[],
): number {
  const usual = entries.find(({ milliseconds }) => milliseconds !== undefined)?.milliseconds;
  if (usual === undefined) return 1;
  let total = 0;
  const tooMany = entries.findIndex(({ runs, milliseconds = UNKNOWN * usual }) => {
    total += milliseconds * runs;
    return total > LONGEST_SUBMIT;
  });
  return tooMany < 0 ? entries.length : Math.max(1, tooMany);
}

/** All in one submit, unless that gets too long. */
class GpuTimer implements VariantTimer {
  #device: Device;
  /** Milliseconds of a run, as timed last. */
  #known = new WeakMap<Program, number>();

  constructor(device: Device) {
    this.#device = device;
  }

  async time(entries: readonly Timed[]): Promise<number[]> {
    const times: number[] = [];
    while (times.length < entries.length) {
      const rest = entries.slice(times.length);
      const count = fitting(
        rest.map(({ program, runs }) => ({ runs, milliseconds: this.#known.get(program) })),
      );
      times.push(...await this.#submit(rest.slice(0, count)));
    }
    return times;
  }

  async #submit(entries: readonly Timed[]): Promise<number[]> {
    using timer = await PassTimer.on(this.#device, entries.length);
    const filler = this.#fillerOf(entries[0]!.program);
    const passes = entries.map(({ program, runs }) => ({ launches: program.launches, times: runs }));
    this.#device.submit((encoder) => timer.encode(encoder, [...filler, ...passes, ...filler]));
    const times = await timer.read();
    return times.map((all, i) => {
      const { program, runs } = entries[i]!;
      this.#known.set(program, all / runs);
      return all / runs;
    });
  }

  /** Runs of a program that fill some time, on cards: a processor has no clock that it would be for. */
  #fillerOf(program: Program) {
    const known = this.#known.get(program);
    if (this.#device.adapter.software || known === undefined) return [];
    const times = Math.min(256, Math.round(FILLING / Math.max(known, 1e-3)));
    return times === 0 ? [] : [{ launches: program.launches, times, untimed: true }];
  }
}
