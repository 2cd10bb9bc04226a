import { writes } from "../kernel/kernel.ts";
import type { Launch } from "../kernel/launch.ts";
import { type Compiling, startEarly } from "../kernel/start_early.ts";
import { Storage } from "../memory/storage.ts";
import { Tensor } from "../tensor/tensor.ts";

/** What a program is made of, as it is recorded. */
export class Recording {
  readonly #launches: Launch[] = [];
  /** Of each launch, how often shards met before it. */
  readonly #stages: number[] = [];
  /** How often shards have met before what is recorded now. */
  stage = 0;
  /** The tensors created during the recording. */
  readonly tensors: Tensor[] = [];
  /**
   * The storages that the launches bind, and those that these are slices of. One reference to each is held, so that
   * what a script disposes right after a launch is still there when the launch runs.
   */
  readonly held: Set<Storage> = new Set();
  #temporaries = new WeakSet<Storage>();
  #counters = new Map<Storage, () => void>();
  readonly #compiling: Compiling;

  /** Empty, of a device that compiles what is recorded. */
  constructor(compiling: Compiling) {
    this.#compiling = compiling;
  }

  /** A storage without a place: the memory plan gives it one. */
  temporary(bytes: number): Storage {
    const storage = new Storage(bytes);
    this.#temporaries.add(storage);
    return storage;
  }

  /** True if the storage has a place, or will have one in this program. */
  places({ root }: Storage): boolean {
    return root.placed || this.#temporaries.has(root);
  }

  /** The launches, in the order in which they run: those of shards meet where these wait for each other. */
  get launches(): Launch[] {
    const places = [...this.#launches.keys()];
    places.sort((a, b) => this.#stages[a]! - this.#stages[b]! || a - b);
    return places.map((place) => this.#launches[place]!);
  }

  /** Records a launch. */
  add(launch: Launch): void {
    this.#launches.push(launch);
    this.#stages.push(this.stage);
    startEarly(this.#compiling, launch.kernel);
    for (const storage of launch.storages) {
      for (const one of [storage, storage.root]) {
        if (!this.held.has(one)) this.held.add(one.retain());
      }
    }
  }

  /**
   * The parts `[count, size]` that a tensor is the sum of, if a launch was to add them up and nothing has used the sum.
   * That launch is left out: the caller has to store the sum.
   */
  takeParts({ device, size, storage: sum }: Tensor): Tensor | undefined {
    const at = this.#launches.findLastIndex(({ storages }) => storages.some(({ root }) => root === sum.root));
    const { sums, storages } = this.#launches[at] ?? {};
    if (!sums || !storages || storages.at(-1) !== sum || storages.length !== 2) return undefined;
    this.#launches.splice(at, 1);
    this.#stages.splice(at, 1);
    const parts = new Tensor(device, [sums.parts, size], "f32", storages[0]!.retain());
    this.tensors.push(parts);
    return parts;
  }

  /** Says that a launch draws random numbers by a counter, and how to advance that. */
  counts({ storage }: Tensor, advance: () => void): void {
    this.#counters.set(storage, advance);
  }

  /** Advances the counters of random numbers that no launch changes, so that each run draws fresh ones. */
  finish(): void {
    const written = new Set(
      this.#launches.flatMap(({ kernel, storages }) =>
        storages.filter((_, position) => writes(kernel.bindings[position]![1]))
      ),
    );
    for (const [counter, advance] of this.#counters) {
      if (![...written].some((storage) => overlaps(storage, counter))) advance();
    }
  }

  /** Frees everything, if recording fails. */
  abandon(): void {
    for (const tensor of this.tensors) tensor.dispose();
    for (const storage of this.held) storage.release();
  }
}

/** Whether one storage is the other, or a slice of it, or of a slice of it. */
function overlaps(a: Storage, b: Storage): boolean {
  const within = (inner: Storage | undefined, outer: Storage): boolean =>
    inner !== undefined && (inner === outer || within(inner.parent, outer));
  return within(a, b) || within(b, a);
}

/** Throws if a recording returned a promise. */
export function refusePromise(outputs: unknown): void {
  if (typeof (outputs as PromiseLike<unknown> | null | undefined)?.then !== "function") return;
  // It continues without a recording, and its later errors do not matter.
  Promise.resolve(outputs).catch(() => {});
  throw new TypeError(
    "A program is recorded by a function that returns at once: this one returned a promise. " +
      "Await what it needs before device.program()",
  );
}
