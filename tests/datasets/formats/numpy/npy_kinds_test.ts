/** Arrays of pictures as people have them: all kinds of numbers, orders and shapes. */
import "../../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatasetError, openDataset } from "../../../../plugins/datasets/mod.ts";
import { encodeNpy } from "../../../../src/files/npy.ts";
import { npy } from "../../support/files.ts";
import { withFiles } from "../../support/folders.ts";
import { readImages } from "../../support/read_images.ts";

const SIZE = 8;
const EACH = SIZE * SIZE * 3;

/** Three color pictures with all levels. */
const pictures = Uint8Array.from({ length: 3 * EACH }, (_, i) => i * 89 % 256);

/** Elements of the pictures as a writer has them. */
type Write = (view: DataView, at: number, level: number, littleEndian: boolean) => void;

/** Codes of types without their order, bytes, and how a level is written; the last is what black and white are. */
const types: [string, number, Write, string][] = [
  ["u1", 1, (view, at, level) => view.setUint8(at, level), "0 as black and 255"],
  ["u2", 2, (view, at, level, little) => view.setUint16(at, 257 * level, little), "0 as black and 65535"],
  ["i2", 2, (view, at, level, little) => view.setInt16(at, level, little), "0 as black and 255"],
  ["i4", 4, (view, at, level, little) => view.setInt32(at, level, little), "0 as black and 255"],
  ["i8", 8, (view, at, level, little) => view.setBigInt64(at, BigInt(level), little), "0 as black and 255"],
  ["u8", 8, (view, at, level, little) => view.setBigUint64(at, BigInt(level), little), "0 as black and 255"],
  ["f2", 2, (view, at, level, little) => view.setFloat16(at, level, little), "0 as black and 255"],
  ["f4", 4, (view, at, level, little) => view.setFloat32(at, level / 255, little), "0 as black and 1"],
  [
    "f4",
    4,
    (view, at, level, little) => view.setFloat32(at, level / 127.5 - 1, little),
    "-1 as black and 1",
  ],
  ["f8", 8, (view, at, level, little) => view.setFloat64(at, level, little), "0 as black and 255"],
];

function typed(levels: ArrayLike<number>, size: number, write: Write, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(levels.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < levels.length; i++) write(view, i * size, levels[i]!, littleEndian);
  return bytes;
}

/** Opens an array, reads all of it, and says what was told. */
async function open(
  bytes: Uint8Array,
  options: Record<string, string> = {},
  size = SIZE,
): Promise<{ images: number[]; shape: readonly number[]; length: number; told: string }> {
  return await withFiles({ "a.npy": bytes }, async (folder) => {
    const told: string[] = [];
    await using dataset = await openDataset(`${folder}/a.npy`, {
      size,
      options,
      report: (message) => told.push(message.replaceAll(folder, "")),
    });
    const { length, shape } = dataset;
    const images = await readImages(dataset, Array.from({ length }, (_, i) => i));
    return { images: [...images], shape, length, told: told.join("\n") };
  });
}

/** The pictures with their axes in another order: `order[i]` is the place in NHWC of the new axis `i`. */
function transposed(order: readonly number[], shape = [3, SIZE, SIZE, 3]): Uint8Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const extents = order.map((axis) => shape[axis]!);
  return Uint8Array.from({ length: pictures.length }, (_, element) => {
    let [rest, from] = [element, 0];
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      from += rest % extents[axis]! * strides[order[axis]!]!;
      rest = Math.floor(rest / extents[axis]!);
    }
    return pictures[from]!;
  });
}

Deno.test("npy reads numbers of every type and byte order as the same pictures", async () => {
  for (const [code, size, write, range] of types) {
    for (const [mark, little] of [["<", true], [">", false]] as const) {
      const bytes = npy([3, SIZE, SIZE, 3], typed(pictures, size, write, little), `${mark}${code}`);
      const { images, told } = await open(bytes);
      assertEquals(images, [...pictures], `${mark}${code}`);
      if (code !== "u1") assert(told.includes(`with ${range} as white`), told);
    }
  }
});

Deno.test("npy reads bits, and whole numbers of 0 and 1, as black and white", async () => {
  const bits = pictures.map((level) => level % 2);
  const expected = [...bits].map((bit) => 255 * bit);
  for (const code of ["|b1", "|u1", "|i1"]) {
    const { images, told } = await open(npy([3, SIZE, SIZE, 3], bits, code));
    assertEquals(images, expected, code);
    assert(told.includes("with 0 as black and 1 as white"), told);
    // What a cast of floats leaves over is told apart from what was meant as bits
    assertEquals(told.includes("save the floats themselves"), code !== "|b1", told);
  }
});

Deno.test("npy reads Fortran's order, channels first, rows of joined pixels, and a single picture", async () => {
  const shape = [3, SIZE, SIZE, 3];
  const fortran = transposed([3, 2, 1, 0]);
  assertEquals((await open(npy(shape, fortran, "|u1", "True"))).images, [...pictures]);
  const planes = transposed([0, 3, 1, 2]);
  const { images, told } = await open(npy([3, 3, SIZE, SIZE], planes));
  assertEquals(images, [...pictures]);
  assert(told.includes("3 color pictures of 8x8 pixels, [N, C, H, W] of uint8"), told);
  const both = transposed([2, 1, 3, 0]);
  assertEquals((await open(npy([3, 3, SIZE, SIZE], both, "|u1", "True"))).images, [...pictures]);
  const joined = await open(npy([3, EACH], planes));
  assertEquals(joined.images, [...pictures]);
  assert(joined.told.includes("[N, C * H * W]") && joined.told.includes("--data-layout nhwc"), joined.told);
  assertEquals((await open(npy([3, EACH], pictures), { layout: "nhwc" })).images, [...pictures]);
  const gray = await open(npy([9, SIZE * SIZE], pictures));
  assertEquals([gray.images, gray.shape, gray.length], [[...pictures], [SIZE, SIZE, 1], 9]);
  const one = await open(npy([SIZE, SIZE, 3], pictures.slice(0, EACH)));
  assertEquals([one.images, one.length], [[...pictures.slice(0, EACH)], 1]);
  assert(one.told.includes("is read as one color picture of 8x8 pixels, [H, W, C]"), one.told);
  const planar = await open(npy([3, SIZE, SIZE], planes.slice(0, EACH)), { layout: "chw" });
  assertEquals([planar.images, planar.length], [[...pictures.slice(0, EACH)], 1]);
  const asGray = await open(npy([3, SIZE, SIZE], planes.slice(0, EACH)));
  assertEquals(asGray.length, 3);
  assert(asGray.told.includes("is read as 3 gray pictures of 8x8 pixels"), asGray.told);
  assert(asGray.told.includes("--data-layout chw is for one picture in color"), asGray.told);
  const three = await open(npy([SIZE, SIZE, 3], pictures.slice(0, EACH)), { layout: "nhw" });
  assertEquals([three.length, three.shape], [SIZE, [SIZE, SIZE, 1]]);
});

Deno.test("npy reads what sample writes", async () => {
  const values = Float32Array.from(transposed([0, 3, 1, 2]), (level) => level / 127.5 - 1);
  const { images } = await open(encodeNpy({ shape: [3, 3, SIZE, SIZE], data: values }));
  assertEquals(images, [...pictures]);
});

Deno.test("npy is silent about plain bytes, and warns of dark ones", async () => {
  assertEquals((await open(npy([3, SIZE, SIZE, 3], pictures))).told, "");
  const { told, images } = await open(npy([3, SIZE, SIZE, 3], pictures.map((level) => level % 20)));
  assertEquals(images, [...pictures].map((level) => level % 20));
  assert(told.includes(" is 19: set --data-range 0..19"), told);
});

Deno.test("npy takes the range that is asked for, and refuses to guess one that is not plain", async () => {
  const wide = (scale: number, code = "<f4") =>
    npy(
      [3, SIZE, SIZE, 3],
      typed(pictures, 4, (view, at, level) => view.setFloat32(at, (level / 255 - 0.5) * scale, true), true),
      code,
    );
  assertEquals((await open(wide(5), { range: "-2.5..2.5" })).images, [...pictures]);
  assertEquals((await open(wide(2), { range: "-1..1" })).images, [...pictures]);
  const cases: [Uint8Array, Record<string, string>, string][] = [
    [
      wide(5),
      {},
      "found float32 from -2.5 to 2.5; say which are black and white, such as --data-range=-2.5..2.5",
    ],
    [
      wide(5),
      { range: "0" },
      'Option "range" of dataset "npy" must be auto, or the values of black and white',
    ],
    [wide(5), { range: "1..0" }, 'Option "range" of dataset "npy" must be'],
    [wide(5), { layout: "nhw" }, "must have the shape [N, H, W] that was asked for, found [3, 8, 8, 3]"],
    [
      npy([64, 64], new Uint8Array(64 * 64)),
      {},
      "may be one gray picture or 64 pictures in rows of 64, found the ambiguous shape",
    ],
    [npy([3, 65], new Uint8Array(195)), {}, "found [3, 65]; save array.reshape(-1, H, W) with the height"],
    [
      npy([9, 9, 200], new Uint8Array(16200)),
      {},
      "may be 9 gray pictures of 200x9 pixels or 200 of 9x9, found the ambiguous shape",
    ],
    [npy([9, 9, 3, 20], new Uint8Array(4860)), {}, "found [9, 9, 3, 20]; save np.moveaxis(array, -1, 0)"],
    [wide(5), { array: "x" }, 'Options "array" and "label" must be left out for'],
  ];
  for (const [bytes, options, message] of cases) {
    await assertRejects(() => open(bytes, options), DatasetError, message);
  }
});

Deno.test("npy names the picture with a value that is no number", async () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    const levels = Float32Array.from(pictures, (level) => level / 255);
    levels[2 * EACH + 5] = value;
    const bytes = npy([3, SIZE, SIZE, 3], new Uint8Array(levels.buffer), "<f4");
    const message = `must hold finite numbers, found ${value} in picture 2, counted from 0`;
    await assertRejects(() => open(bytes), DatasetError, message);
    await assertRejects(() => open(bytes, { range: "0..1" }), DatasetError, message);
  }
  const fortran = Float32Array.from({ length: 3 * EACH }, (_, i) => i === 10 ? NaN : 0.5);
  const bytes = npy([3, SIZE, SIZE, 3], new Uint8Array(fortran.buffer), "<f4", "True");
  await assertRejects(() => open(bytes), DatasetError, "found NaN in picture 1, counted from 0");
});
