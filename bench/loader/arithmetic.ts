/** Operations of one measurement, some tenths of a second. */
const TIMES = 2 ** 28;

/** How many times as much two threads compute as one, which is all that this machine can give to two workers now. */
export class ArithmeticGain implements Disposable {
  #workers: Worker[] = [1, 2].map(() =>
    new Worker(new URL("./arithmetic_worker.ts", import.meta.url), { type: "module" })
  );

  /** Times one, then both. */
  async measure(): Promise<number> {
    const time = async (workers: readonly Worker[]): Promise<number> => {
      const start = performance.now();
      await Promise.all(workers.map((worker) => {
        const { promise, resolve } = Promise.withResolvers<unknown>();
        worker.onmessage = resolve;
        worker.postMessage(TIMES);
        return promise;
      }));
      return performance.now() - start;
    };
    const [first] = this.#workers;
    return 2 * await time([first!]) / await time(this.#workers);
  }

  /** Ends both. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}
