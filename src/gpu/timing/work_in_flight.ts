/** Seconds of work that may be submitted ahead: nothing interrupts it, and Deno hears no Ctrl-C in a wait. */
const MOST_SECONDS = 2;

/** Bytes of uploads that may be submitted ahead: the driver holds a copy of each until the GPU has taken it. */
const MOST_UPLOADED = 512 * 2 ** 20;

/** Seconds of work in one submit. Drivers reset a GPU that is busy with one for longer: Windows after 2 seconds. */
export const SUBMIT_SECONDS = 0.5;

/** Seconds of an operation where nothing was measured: a slow GPU, of 100 GFLOP/s. */
const ASSUMED = 1e-11;

/** Waits before times are believed: the first also sees kernels compiled. */
const BELIEVED = 2;

/** Milliseconds of a wait that say nothing of the work: Deno sleeps 10 in each, and a busy machine more. */
const SLEPT = 20;

/** Seconds of an operation in one kind of work. */
interface Rate {
  /** By the latest wait: from when the work was submitted to when it was done. */
  readonly atMost: number;
  /** By all waits: how long they took themselves, when the host did nothing else. */
  readonly atLeast: number;
  /** Waits that it was seen in. */
  readonly waits: number;
}

/** What was submitted between two waits. */
interface Leg {
  /** When the first of it was submitted, in milliseconds. */
  started: number;
  /** Operations by their kind. */
  readonly work: Map<object, number>;
  uploaded: number;
}

/**
 * What was submitted to the GPU and not waited for. WebGPU does not tell how long work takes; each wait for it
 * does, of all that was submitted since the one before. The same kind of work is taken to go on as fast.
 */
export class WorkInFlight {
  /** Whether a driver resets the GPU if one submit takes long. */
  readonly isWatched: boolean;
  #rates = new WeakMap<object, Rate>();
  #legs: Leg[] = [newLeg()];
  #landed = -Infinity;

  /** On an adapter: nobody watches one that computes on the processor. */
  constructor({ software }: { readonly software: boolean }) {
    this.isWatched = !software;
  }

  /**
   * Says that work was submitted.
   *
   * @param kind What does it: a program, or the queue of launches outside of programs.
   * @param operations What it costs; see `launchCost()`.
   */
  add(kind: object, operations: number): void {
    if (operations === 0) return;
    const leg = this.#legs.at(-1)!;
    if (leg.work.size === 0) leg.started = performance.now();
    leg.work.set(kind, (leg.work.get(kind) ?? 0) + operations);
  }

  /** Says that bytes were uploaded. */
  upload(bytes: number): void {
    this.#legs.at(-1)!.uploaded += bytes;
  }

  /** Whether to wait before more is submitted: there is much, or something of which no time is known. */
  get isFull(): boolean {
    let [seconds, uploaded] = [0, 0];
    for (const leg of this.#legs) {
      uploaded += leg.uploaded;
      for (const [kind, operations] of leg.work) {
        const rate = this.#rates.get(kind);
        if (!rate) return true;
        seconds += operations * rate.atMost;
      }
    }
    return seconds >= MOST_SECONDS || uploaded >= MOST_UPLOADED;
  }

  /** Operations that a submit may have, by the longer or the shorter of the times that they may take. */
  mostInSubmit(kind: object, time: "atMost" | "atLeast"): number {
    if (!this.isWatched) return Infinity;
    return SUBMIT_SECONDS / (this.#believed(kind)?.[time] ?? ASSUMED);
  }

  /** Seconds that work takes at the least, as far as waits have shown it; 0 if none has. */
  secondsAtLeast(kind: object, operations: number): number {
    return operations * (this.#believed(kind)?.atLeast ?? 0);
  }

  /**
   * A wait begins for all that was submitted so far.
   *
   * @returns To be called when it ends well.
   */
  depart(): () => void {
    const leg = this.#legs.at(-1)!;
    const departed = performance.now();
    this.#legs.push(newLeg());
    return () => this.#land(leg, departed);
  }

  #land(last: Leg, departed: number): void {
    // A later wait may have ended first
    const legs = this.#legs.splice(0, this.#legs.indexOf(last) + 1);
    const worked = legs.filter(({ work }) => work.size > 0);
    if (worked.length === 0) return;
    const now = performance.now();
    const began = Math.max(this.#landed, worked[0]!.started);
    this.#landed = now;
    const elapsed = Math.max(now - began, 1e-3) / 1000;
    const waited = Math.max(0, now - Math.max(departed, began) - SLEPT) / 1000;
    const parts = worked.flatMap(({ work }) => [...work]);
    const expected = parts.reduce((sum, [kind, operations]) => sum + operations * this.#rateOf(kind), 0);
    for (const kind of new Set(parts.map(([kind]) => kind))) {
      const atMost = this.#rateOf(kind) * elapsed / expected;
      const before = this.#rates.get(kind);
      const atLeast = atMost * waited / elapsed;
      this.#rates.set(kind, {
        atMost,
        atLeast: before && before.waits > 1 ? Math.min(before.atLeast, atLeast) : atLeast,
        waits: (before?.waits ?? 0) + 1,
      });
    }
  }

  #rateOf(kind: object): number {
    return this.#rates.get(kind)?.atMost ?? ASSUMED;
  }

  #believed(kind: object): Rate | undefined {
    const rate = this.#rates.get(kind);
    return rate && rate.waits >= BELIEVED ? rate : undefined;
  }
}

function newLeg(): Leg {
  return { started: 0, work: new Map(), uploaded: 0 };
}
