/** Where images lie once they were decoded. */
export interface PictureStore extends Disposable {
  /** Copies an image to `into`, if it is there. */
  get(index: number, into: Uint8Array): boolean;
  /** Keeps an image, if there is room. */
  put(index: number, image: Uint8Array): void;
}

/** Keeps the images of the lowest indices in memory, as bytes. */
export class MemoryStore implements PictureStore {
  #images: Uint8Array;
  #isThere: Uint8Array;
  #each: number;

  /** Room for `slots` images of `each` bytes; the memory is taken as it is filled. */
  constructor(slots: number, each: number) {
    this.#images = new Uint8Array(slots * each);
    this.#isThere = new Uint8Array(slots);
    this.#each = each;
  }

  get(index: number, into: Uint8Array): boolean {
    if (!this.#isThere[index]) return false;
    into.set(this.#images.subarray(index * this.#each, (index + 1) * this.#each));
    return true;
  }

  put(index: number, image: Uint8Array): void {
    if (index >= this.#isThere.length) return;
    this.#images.set(image, index * this.#each);
    this.#isThere[index] = 1;
  }

  [Symbol.dispose](): void {
    this.#images = this.#isThere = new Uint8Array();
  }
}
