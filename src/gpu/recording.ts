import type { Launch } from "./launch.ts";
import { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

/** What a program is made of, as it is recorded. */
export class Recording {
  /** The launches, in order. */
  readonly launches: Launch[] = [];
  /** The tensors made meanwhile. */
  readonly tensors: Tensor[] = [];
  /**
   * The storages that the launches bind, and those that these are slices of. One reference to each is held, so that
   * what a script disposes right after a launch is still there when the launch runs.
   */
  readonly held: Set<Storage> = new Set();
  #temporaries = new WeakSet<Storage>();

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

  /** Records a launch. */
  add(launch: Launch): void {
    this.launches.push(launch);
    for (const storage of launch.storages) {
      for (const one of [storage, storage.root]) {
        if (!this.held.has(one)) this.held.add(one.retain());
      }
    }
  }

  /** Gives everything back, where no program comes of it. */
  abandon(): void {
    for (const tensor of this.tensors) tensor.dispose();
    for (const storage of this.held) storage.release();
  }
}

/** Throws if a recording returned a promise. */
export function refusePromise(outputs: unknown): void {
  if (typeof (outputs as PromiseLike<unknown> | null | undefined)?.then !== "function") return;
  // It goes on without a recording, and what it throws then is of no use to anyone.
  Promise.resolve(outputs).catch(() => {});
  throw new TypeError(
    "A program is recorded by a function that returns at once: this one returned a promise. " +
      "Await what it needs before device.program()",
  );
}
