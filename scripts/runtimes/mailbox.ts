/** Texts that wait to be taken, in order. */
export class Mailbox {
  #texts: string[] = [];
  #takers: ((text: string | undefined) => void)[] = [];
  #closed = false;

  /** Adds a text. After the end it is passed over. */
  put(text: string): void {
    if (this.#closed) return;
    const taker = this.#takers.shift();
    if (taker) taker(text);
    else this.#texts.push(text);
  }

  /** Says that no text follows. */
  close(): void {
    this.#closed = true;
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  /**
   * The next text, once there is one; undefined if none follows.
   *
   * @throws {Error} if there is none for so many seconds.
   */
  take(seconds = Infinity): Promise<string | undefined> {
    if (this.#texts.length > 0 || this.#closed) return Promise.resolve(this.#texts.shift());
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
    this.#takers.push(resolve);
    if (seconds === Infinity) return promise;
    const timer = setTimeout(() => {
      this.#takers.splice(this.#takers.indexOf(resolve), 1);
      reject(new Error(`Nothing was said for ${seconds} seconds`));
    }, seconds * 1000);
    return promise.finally(() => clearTimeout(timer));
  }
}
