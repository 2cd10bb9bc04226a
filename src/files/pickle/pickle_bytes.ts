const latin1 = /* @__PURE__ */ new TextDecoder("latin1");
const utf8 = /* @__PURE__ */ new TextDecoder();

/** Most bytes of a whole number: larger ones mean nothing here. */
const MOST_LONG = 255;

/** The bytes of a pickle, taken one after the other. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  /** `at` is where the first is taken. */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  /** How many there are. */
  get size(): number {
    return this.#bytes.length;
  }

  /** Where the next is taken. */
  get at(): number {
    return this.#at;
  }

  /** So many bytes, which are no copy. */
  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) {
      throw new SyntaxError(`it is cut short at ${this.#bytes.length}`);
    }
    return this.#bytes.subarray(this.#at, this.#at += length);
  }

  /** A text of so many bytes. */
  text(length: number): string {
    return utf8.decode(this.take(length));
  }

  /** A whole number of 1, 2, 4 or 8 bytes, the lowest first. */
  number(length: 1 | 2 | 4 | 8): number {
    const at = this.#at;
    this.take(length);
    if (length === 1) return this.#view.getUint8(at);
    if (length === 2) return this.#view.getUint16(at, true);
    if (length === 4) return this.#view.getUint32(at, true);
    return Number(this.#view.getBigUint64(at, true));
  }

  /** A float of 64 bits, the highest byte first. */
  double(): number {
    const at = this.#at;
    this.take(8);
    return this.#view.getFloat64(at);
  }

  /** A number of so many bytes, the lowest first, in two's complement; as near as a double can be. */
  long(length: number): number {
    if (length > MOST_LONG) throw new SyntaxError(`it has a number of ${length} bytes`);
    // Exact until the end: the sum of -1 in eight bytes is beyond what a double tells from 2^64
    const value = this.take(length).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return Number(BigInt.asIntN(8 * length, value));
  }

  /** What is left of a line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new SyntaxError("it is cut short in a name");
    return latin1.decode(this.take(end + 1 - this.#at)).trimEnd();
  }
}
