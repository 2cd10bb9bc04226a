/**
 * The inner loop of products in WebAssembly: JavaScript cannot multiply two pairs of numbers at once, and
 * takes twice as long. The module is put together here, instruction by instruction, so that no binary has to
 * be trusted.
 *
 * `strip(a, b, out, terms, tiles)` multiplies four rows of `a` with `4 * tiles` rows of `b`. Both are
 * interleaved by fours: the numbers of four rows at one term lie side by side. `out` takes tiles of 4x4
 * products, row by row. A vector holds the sums of two rows of `b`, each added up term by term, so that a
 * product is that of a plain loop to the last digit.
 */

/** Rows of a tile, on either side. */
export const TILE = 4;
/** Most terms of a strip. */
export const MOST_TERMS = 256;
/**
 * Most rows of `b` in a strip: with {@linkcode MOST_TERMS}, half a megabyte, which stays in the second cache.
 */
export const MOST_COLUMNS = 256;

/** The memory that strips are multiplied in. */
export interface ProductStrip {
  /** Four rows of `a`, interleaved: `[terms, 4]`. */
  readonly a: Float64Array;
  /** Rows of `b`, four after four, interleaved: `[tiles, terms, 4]`. */
  readonly b: Float64Array;
  /** The products: `[tiles, 4, 4]`. */
  readonly out: Float64Array;
  /** Multiplies what `a` and `b` hold. */
  multiply(terms: number, tiles: number): void;
}

const NUMBER = Float64Array.BYTES_PER_ELEMENT;
const A_BYTES = TILE * MOST_TERMS * NUMBER;
const B_BYTES = MOST_COLUMNS * MOST_TERMS * NUMBER;
const OUT_BYTES = TILE * MOST_COLUMNS * NUMBER;
const PAGE = 65536;
const PAGES = Math.ceil((A_BYTES + B_BYTES + OUT_BYTES) / PAGE);

let strip: ProductStrip | undefined;

/** The one strip of the program: its user fills it, multiplies and reads it at once. */
export function productStrip(): ProductStrip {
  return strip ??= createStrip();
}

function createStrip(): ProductStrip {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
  const { buffer } = exports.memory as WebAssembly.Memory;
  const run = exports.strip as (a: number, b: number, out: number, terms: number, tiles: number) => void;
  const [b, out] = [A_BYTES, A_BYTES + B_BYTES];
  return {
    a: new Float64Array(buffer, 0, A_BYTES / NUMBER),
    b: new Float64Array(buffer, b, B_BYTES / NUMBER),
    out: new Float64Array(buffer, out, OUT_BYTES / NUMBER),
    multiply: (terms, tiles) => run(0, b, out, terms, tiles),
  };
}

// Places of the function's parameters and variables.
const [A, B, OUT, TERMS, TILES, TERM, AT, SUMS] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const [LEFT, FIRST, SECOND] = [SUMS + 8, SUMS + 9, SUMS + 10] as const;

// Types and instructions by their names in the specification of WebAssembly.
const [I32, V128, NO_RESULT] = [0x7f, 0x7b, 0x40];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x41, ...signed(value)];
const add = [0x6a];
const end = [0x0b];
const load = (offset: number) => [0xfd, 0x00, 3, ...unsigned(offset)];
const loadTwice = (offset: number) => [0xfd, 0x0a, 3, ...unsigned(offset)];
const store = (offset: number) => [0xfd, 0x0b, 3, ...unsigned(offset)];
const zeros = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const addPair = [0xfd, 0xf0, 0x01];
const multiplyPair = [0xfd, 0xf2, 0x01];

/** Adds to a variable. */
const advance = (local: number, by: number) => [...get(local), ...constant(by), ...add, ...set(local)];

/** Repeats a body until a variable has come down to 0. */
const countDown = (local: number, body: readonly number[]) => [
  ...[0x03, NO_RESULT],
  ...body,
  ...advance(local, -1),
  ...get(local),
  ...[0x0d, 0],
  ...end,
];

function stripBody(): number[] {
  const row = TILE * NUMBER;
  const pair = 2 * NUMBER;
  const sums = Array.from({ length: 8 }, (_, index) => SUMS + index);
  const accumulate = (sum: number, right: number) => [
    ...[...get(sum), ...get(LEFT), ...get(right)],
    ...[...multiplyPair, ...addPair, ...set(sum)],
  ];
  const term = [
    ...[...get(B), ...load(0), ...set(FIRST)],
    ...[...get(B), ...load(pair), ...set(SECOND)],
    ...[0, 1, 2, 3].flatMap((r) => [
      ...[...get(AT), ...loadTwice(r * NUMBER), ...set(LEFT)],
      ...accumulate(SUMS + 2 * r, FIRST),
      ...accumulate(SUMS + 2 * r + 1, SECOND),
    ]),
    ...advance(AT, row),
    ...advance(B, row),
  ];
  return countDown(TILES, [
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...[...get(A), ...set(AT), ...get(TERMS), ...set(TERM)],
    ...countDown(TERM, term),
    ...sums.flatMap((sum, index) => [...get(OUT), ...get(sum), ...store(index * pair)]),
    ...advance(OUT, TILE * row),
  ]);
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const parameters = new Array<number>(5).fill(I32!);
  const variables = [2, ...[2, I32!], ...[11, V128!]];
  const body = [...variables, ...stripBody(), ...end];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters.length, ...parameters, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, PAGES, PAGES]),
    ...section(7, [2, ...name("memory"), 2, 0, ...name("strip"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}

/** A number of 0 or more in LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...unsigned(value >> 7)];
}

/** A number in signed LEB128. */
function signed(value: number): number[] {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [value & 0x7f | 0x80, ...signed(value >> 7)];
}
