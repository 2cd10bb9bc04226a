import { printAsText } from "../tensor/print_as_text.ts";

/** A range of a GPU buffer, as a binding wants it. */
export interface BufferRange {
  /** The buffer. */
  buffer: GPUBuffer;
  /** First byte. */
  offset: number;
  /** Length in bytes, a multiple of 16. */
  size: number;
}

/** Every storage ends on a 16-byte boundary, so that kernels may read it as `vec4`. */
export function paddedBytes(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 16) * 16);
}

/**
 * Where a tensor's elements live: a buffer of its own, a slice of another storage, or, while a program is being
 * recorded, nowhere yet (the program's memory plan places it).
 *
 * Reference counted, since a reshaped tensor shares the storage of the tensor it came from.
 */
export class Storage {
  static #printed = /* @__PURE__ */ printAsText(Storage);
  /** Bytes that the elements take, rounded up to 16. */
  readonly bytes: number;
  #buffer: GPUBuffer | undefined;
  #offset: number;
  #parent: Storage | undefined;
  #references = 1;
  #release: ((storage: Storage) => void) | undefined;

  /** Created by a device; `release` is called when the last tensor releases it. */
  constructor(
    bytes: number,
    options: { buffer?: GPUBuffer; parent?: Storage; offset?: number; release?: (storage: Storage) => void } =
      {},
  ) {
    this.bytes = paddedBytes(bytes);
    this.#parent = options.parent;
    this.#buffer = options.buffer;
    this.#offset = options.offset ?? 0;
    this.#release = options.release;
  }

  /** The storage this one is a slice of, if it is one. */
  get parent(): Storage | undefined {
    return this.#parent;
  }

  /** The storage at the bottom of a chain of slices. */
  get root(): Storage {
    return this.parent?.root ?? this;
  }

  /** First byte within {@linkcode root}. */
  get start(): number {
    return this.#parent ? this.#parent.start + this.#offset : 0;
  }

  /** True once the elements have a place. */
  get placed(): boolean {
    return this.root.#buffer !== undefined;
  }

  /** False once the last tensor has released it. */
  get live(): boolean {
    return this.#references > 0 && (this.parent?.live ?? true);
  }

  /** Gives the storage its place. Called by the memory plan of a program. */
  place(buffer: GPUBuffer, offset: number): void {
    this.#buffer = buffer;
    this.#offset = offset;
  }

  /** Makes a storage without a place a slice of another one. Called for programs, before their memory is planned. */
  moveInto(parent: Storage, offset: number): void {
    this.#parent = parent;
    this.#offset = offset;
  }

  /** Takes the place away again. Called by a program that frees its memory. */
  displace(): void {
    this.#buffer = undefined;
  }

  /** The range to bind. */
  range(): BufferRange {
    if (this.#parent) {
      const { buffer, offset } = this.#parent.range();
      return { buffer, offset: offset + this.#offset, size: this.bytes };
    }
    if (!this.#buffer) {
      throw new Error(
        "This tensor has no memory: the program that it was made in is still being recorded, does not use it, or was disposed",
      );
    }
    return { buffer: this.#buffer, offset: this.#offset, size: this.bytes };
  }

  /**
   * One more tensor uses this storage.
   *
   * @throws {Error} if no tensor holds it: its memory may belong to another tensor by now.
   */
  retain(): this {
    if (this.#references === 0) throw new Error("Cannot use the elements of a tensor that was disposed");
    this.#references++;
    return this;
  }

  /** One tensor fewer uses this storage. */
  release(): void {
    if (this.#references === 0) return;
    if (--this.#references === 0) this.#release?.(this);
  }

  /** What it is, in short: `Storage of 16 bytes`. */
  toString(): string {
    return `Storage of ${this.bytes} bytes${this.live ? "" : ", freed"}`;
  }
}
