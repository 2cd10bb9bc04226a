import { formatVariant, type Variant } from "../contraction/variants/variant.ts";
import type { Device } from "../device/device.ts";
import { DeviceLostError } from "../device/errors.ts";
import type { Program } from "../program/program.ts";
import type { Trial } from "./trial.ts";

/** A variant that takes part in a race. */
export interface Entrant {
  /** It. */
  readonly variant: Variant;
  /** Runs it. */
  readonly program: Program;
  /** Runs in one measurement. */
  runs: number;
  /** Milliseconds of a run, as measured. */
  readonly times: number[];
}

/** A variant that does not take part, and why: the driver does not compile it, or what it computes is wrong. */
export interface Refusal {
  /** The variant as text. */
  readonly variant: string;
  /** Why. */
  readonly reason: string;
}

/** Lets variants into a race if they compile and compute the right thing. */
export class Entrants implements Disposable {
  /** Those that were not let in. */
  readonly refused: Refusal[] = [];
  readonly #device: Device;
  readonly #trial: Trial;
  readonly #programs = new DisposableStack();

  /** For variants of what a trial computes. */
  constructor(device: Device, trial: Trial) {
    this.#device = device;
    this.#trial = trial;
  }

  /** A variant that compiles and is right; undefined if it was refused. */
  async enter(variant: Variant): Promise<Entrant | undefined> {
    const entrant = await this.compile(variant);
    return entrant && await this.check(entrant) ? entrant : undefined;
  }

  /** A variant that compiles; undefined if it was refused. */
  async compile(variant: Variant): Promise<Entrant | undefined> {
    return await this.#attempt(
      variant,
      () => ({ variant, program: this.#programs.use(this.#trial.program(variant)), runs: 1, times: [] }),
    );
  }

  /** Whether a variant computes the right thing; it is refused if not. */
  async check({ variant, program }: Entrant): Promise<boolean> {
    return await this.#attempt(variant, async () => {
      const problem = await this.#trial.problemOf(program);
      if (problem !== undefined) throw new Error(problem);
      return true;
    }) ?? false;
  }

  /** Frees all memory. */
  [Symbol.dispose](): void {
    this.#programs.dispose();
  }

  async #attempt<T>(variant: Variant, work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DeviceLostError) throw error;
      await this.#device.settled().catch(() => undefined);
      this.refused.push({ variant: formatVariant(variant), reason: (error as Error).message });
      return undefined;
    }
  }
}
