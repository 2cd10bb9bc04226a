/** Notices that a notebook's kernel is interrupted, which would otherwise end its process. */
export class Interruption implements Disposable {
  readonly #listener = (): void => void (this.#isRequested = true);
  #isRequested = false;

  /** Listens from now on. */
  constructor() {
    Deno.addSignalListener("SIGINT", this.#listener);
  }

  /** Whether it was interrupted. */
  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** Listens no longer. */
  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGINT", this.#listener);
  }
}
