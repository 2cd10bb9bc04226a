import { type Device, recordScalars, type Tensor } from "../../gpu/mod.ts";
import type { StepResults } from "../training_step.ts";
import type { ReadStep, StepRecord } from "./step_record.ts";

/** Steps whose numbers are kept on the GPU until they are read. */
const CAPACITY = 4096;

/** The numbers of the last steps, on the GPU until they are read together. */
export class StepRing implements Disposable {
  readonly #record: StepRecord;
  readonly #rows: Tensor;
  #read = 0;

  /** For rows of a record. */
  constructor(device: Device, record: StepRecord) {
    this.#record = record;
    this.#rows = device.state([CAPACITY, record.columns]);
  }

  /** Records the writing of a step's row; the counter has the steps done before it, and is advanced. */
  record(counter: Tensor, results: StepResults): void {
    recordScalars(this.#rows, counter, this.#record.tensors(results));
  }

  /** Steps that may still run before the numbers must be read, after so many steps. */
  room(steps: number): number {
    return CAPACITY - (steps - this.#read);
  }

  /** Says that the next row is that of the step after so many. */
  continueFrom(steps: number): void {
    this.#read = steps;
  }

  /** Waits for the steps up to `last`, and gives their rows since the last call, oldest first, with their steps. */
  async read(
    last: number,
    timesIn: (step: number) => number,
  ): Promise<(readonly [step: number, row: ReadStep])[]> {
    const first = Math.max(this.#read, last - CAPACITY);
    // Steps may be started while this waits; they are for the next call
    this.#read = last;
    const [values] = await this.#rows.device.read([this.#rows]).catch((error) => {
      // They are still there for the next call
      this.#read = Math.min(this.#read, first);
      throw error;
    });
    const { columns } = this.#record;
    return Array.from({ length: last - first }, (_, at) => {
      const step = first + at;
      const start = step % CAPACITY * columns;
      return [step, this.#record.read(values!.subarray(start, start + columns), timesIn(step))] as const;
    });
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.#rows.dispose();
  }
}
