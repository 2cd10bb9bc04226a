/** Bits of a pixel: a palette of 256. */
const PIXEL_BITS = 8;

/** The code that starts the table anew, and the one that ends the pixels; sequences have those after them. */
const CLEAR = 2 ** PIXEL_BITS;
const END = CLEAR + 1;

/** Codes have up to 12 bits. */
const MOST_CODES = 4096;

/** Bytes of a block at most. */
const BLOCK = 255;

/** The pixels of a GIF, packed with its kind of LZW (GIF89a specification, appendix F), in blocks. */
export function packPixels(pixels: Uint8Array): Uint8Array {
  const bits = new BitWriter();
  // Code of the sequence that a pixel makes when it follows the one of a code; 0 for none yet
  const table = new Uint16Array(MOST_CODES * 256);
  const filled: number[] = [];
  let next = END + 1;
  let width = PIXEL_BITS + 1;
  bits.write(CLEAR, width);
  let code = pixels[0]!;
  for (let at = 1; at < pixels.length; at++) {
    const key = code * 256 + pixels[at]!;
    const longer = table[key]!;
    if (longer !== 0) {
      code = longer;
      continue;
    }
    bits.write(code, width);
    if (next === MOST_CODES) {
      bits.write(CLEAR, width);
      for (const one of filled) table[one] = 0;
      filled.length = 0;
      next = END + 1;
      width = PIXEL_BITS + 1;
    } else {
      if (next === 2 ** width) width++;
      table[key] = next++;
      filled.push(key);
    }
    code = pixels[at]!;
  }
  bits.write(code, width);
  // A reader has made one more sequence by now
  if (next === 2 ** width && width < 12) width++;
  bits.write(END, width);
  return inBlocks(bits.finish());
}

/** Bits, the lowest first. */
class BitWriter {
  #bytes = new Uint8Array(65536);
  #length = 0;
  #held = 0;
  #count = 0;

  write(value: number, bits: number): void {
    this.#held |= value << this.#count;
    for (this.#count += bits; this.#count >= 8; this.#count -= 8) {
      this.#push(this.#held & 255);
      this.#held >>>= 8;
    }
  }

  finish(): Uint8Array {
    if (this.#count > 0) this.#push(this.#held & 255);
    return this.#bytes.subarray(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const more = new Uint8Array(2 * this.#length);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes[this.#length++] = byte;
  }
}

/** Bytes as blocks, each behind its length; one of length 0 ends them. */
function inBlocks(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(1 + bytes.length + Math.ceil(bytes.length / BLOCK) + 1);
  out[0] = PIXEL_BITS;
  let to = 1;
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    out[to++] = block.length;
    out.set(block, to);
    to += block.length;
  }
  return out;
}
