import "../../src/host/on_native.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type TensorData,
  writeSafetensors,
} from "../../src/files/safetensors.ts";

const tensors = new Map<string, TensorData>([
  ["main.0.flags", { dtype: "U8", shape: [3], data: new Uint8Array([0, 7, 255]) }],
  ["main.0.weight", { dtype: "F32", shape: [2, 1, 2], data: new Float32Array([1.5, -0, NaN, -Infinity]) }],
  ["half", { dtype: "F16", shape: [3], data: new Float16Array([0.5, -2, 65504]) }],
  ["label", { dtype: "I32", shape: [1], data: new Int32Array([-5]) }],
  ["num_batches_tracked", { dtype: "I64", shape: [], data: new BigInt64Array([-(2n ** 62n)]) }],
  ["nothing", { dtype: "F32", shape: [0, 4], data: new Float32Array(0) }],
  ["__proto__", { dtype: "F32", shape: [], data: new Float32Array([3]) }],
  ["double", { dtype: "F64", shape: [2], data: new Float64Array([1e300, 2 ** -1074]) }],
  ["7 名", { dtype: "F32", shape: [], data: new Float32Array([4]) }],
]);

/** A file with the given header text and data of so many bytes. */
function fileOf(header: string, dataBytes: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

function describe(shape: number[], offsets: unknown, dtype = "F32"): unknown {
  return { dtype, shape, data_offsets: offsets };
}

Deno.test("decodeSafetensors() reads what encodeSafetensors() wrote", () => {
  const read = decodeSafetensors(encodeSafetensors(tensors, { step: "12", format: "pt" }));
  assertEquals(new Map([...read.tensors].sort()), new Map([...tensors].sort()));
  assertEquals(read.metadata, { step: "12", format: "pt" });
  assertEquals(decodeSafetensors(encodeSafetensors(new Map())), { tensors: new Map(), metadata: {} });
});

Deno.test("encodeSafetensors() aligns the data and every tensor in it", () => {
  const file = encodeSafetensors(tensors);
  const header = Number(new DataView(file.buffer).getBigUint64(0, true));
  assertEquals(header % 8, 0);
  const entries = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + header)));
  for (const [name, { data }] of tensors) {
    assertEquals(entries[name].data_offsets[0] % data.BYTES_PER_ELEMENT, 0, name);
  }
});

Deno.test("encodeSafetensors() gives the same bytes each time", () => {
  assertEquals(encodeSafetensors(tensors, { a: "1" }), encodeSafetensors(tensors, { a: "1" }));
});

Deno.test("encodeSafetensors() refuses values that do not fit their shape", () => {
  const wrong = new Map([["w", { dtype: "F32", shape: [2, 3], data: new Float32Array(5) } as const]]);
  assertThrows(
    () => encodeSafetensors(wrong),
    RangeError,
    "Cannot write tensor 'w' of shape [2, 3]: it takes 6 values, found 5",
  );
  const reserved = new Map([[
    "__metadata__",
    { dtype: "F32", shape: [], data: new Float32Array(1) } as const,
  ]]);
  assertThrows(() => encodeSafetensors(reserved), RangeError, "Cannot write a tensor named '__metadata__'");
});

Deno.test("encodeSafetensors() refuses shapes and values that it could not read back", () => {
  const encode = (tensor: unknown) => encodeSafetensors(new Map([["w", tensor as TensorData]]));
  for (const shape of [[-1, -2], [0.5, 4]]) {
    assertThrows(
      () => encode({ dtype: "F32", shape, data: new Float32Array(2) }),
      RangeError,
      `Cannot write tensor 'w' of shape [${
        shape.join(", ")
      }]: every extent must be a whole number of at least 0`,
    );
  }
  assertThrows(
    () => encode({ dtype: "F32", shape: [2], data: new Float64Array(2) }),
    TypeError,
    "Cannot write tensor 'w' of shape [2]: F32 values come in a Float32Array, found a Float64Array",
  );
  assertThrows(
    () => encode({ dtype: "BF16", shape: [2], data: new Uint16Array(2) }),
    TypeError,
    "Cannot write tensor 'w' of shape [2]: its element type is BF16, allowed are F64, I64, F32, I32, F16, U8",
  );
});

Deno.test("decodeSafetensors() refuses a name that occurs twice, however it is written", () => {
  const [a, b] = [describe([1], [0, 4]), describe([1], [0, 4], "I32")].map((entry) => JSON.stringify(entry));
  const message = "Cannot read f: its header describes 'a{\"' twice";
  const twice = fileOf(`{"a{\\"": ${a}, "\\u0061{\\"": ${b}}`, 4);
  assertThrows(() => decodeSafetensors(twice, "f"), SyntaxError, message);
  const once = fileOf(`{"__metadata__": {"a{\\"": "]", "b": "a"}, "a{\\"": ${a}}`, 4);
  assertEquals([...decodeSafetensors(once).tensors.keys()], ['a{"']);
  // A name as long as this must not exhaust the stack.
  const long = "\\n".repeat(2_000_000);
  assertEquals(decodeSafetensors(fileOf(`{"${long}": ${a}}`, 4)).tensors.size, 1);
});

Deno.test("decodeSafetensors() reads every BF16 as the same number in 32 bits", () => {
  const bits = Uint16Array.from({ length: 2 ** 16 }, (_, half) => half);
  const file = fileOf(JSON.stringify({ w: describe([2 ** 16], [0, 2 ** 17], "BF16") }), 2 ** 17);
  file.set(new Uint8Array(bits.buffer), file.length - 2 ** 17);
  const { dtype, data } = decodeSafetensors(file).tensors.get("w")!;
  assertEquals(dtype, "F32");
  assertEquals(new Uint32Array(data.buffer), Uint32Array.from(bits, (half) => half * 2 ** 16));
  // One, the largest, the smallest normal and subnormal ones, zero below 0, the infinities
  const known: [half: number, value: number][] = [
    [0x3f80, 1],
    [0xc049, -3.140625],
    [0x7f7f, (2 - 2 ** -7) * 2 ** 127],
    [0x0080, 2 ** -126],
    [0x0001, 2 ** -133],
    [0x807f, -127 * 2 ** -133],
    [0x8000, -0],
    [0x7f80, Infinity],
    [0xff80, -Infinity],
    [0x7fc0, NaN],
  ];
  for (const [half, value] of known) assertEquals(data[half], value);
});

Deno.test("decodeSafetensors() says what is wrong with a file", () => {
  const json = JSON.stringify;
  const cases: [file: Uint8Array, message: string][] = [
    [new Uint8Array(0), "Cannot read f: it is empty (0 bytes). Copy or download it again"],
    [new Uint8Array(40), "Cannot read f: its header takes 0 bytes, expected at least 2 (no safetensors)"],
    [new Uint8Array(5), "Cannot read f: it has 5 bytes, a safetensors file has at least 8"],
    [
      new Uint8Array(20).fill(0xff),
      "Cannot read f: its header should take 18446744073709551615 bytes, found 12 (truncated, or no safetensors)",
    ],
    [fileOf("{'a': 1}", 0), "Cannot read f: its header is not JSON (damaged, or no safetensors)"],
    [fileOf("[]", 0), "Cannot read f: its header must be a JSON object"],
    [
      fileOf(json({ __metadata__: { a: 1 } }), 0),
      "Cannot read f: the '__metadata__' in its header must map names to strings",
    ],
    [fileOf(json({ w: 3 }), 0), "Cannot read f: tensor 'w' must be described by a JSON object"],
    [
      fileOf(json({ w: describe([1], [0, 1], "F8_E4M3") }), 1),
      `Cannot read f: tensor 'w' has element type "F8_E4M3", allowed are F64, I64, F32, I32, F16, BF16, U8`,
    ],
    [
      fileOf(json({ w: describe([1], [0, 2], "toString") }), 2),
      `Cannot read f: tensor 'w' has element type "toString", allowed are F64, I64, F32, I32, F16, BF16, U8`,
    ],
    [
      fileOf(json({ w: describe([-1], [0, 4]) }), 4),
      "Cannot read f: tensor 'w' must have a shape of whole numbers",
    ],
    [
      fileOf(json({ w: describe([1], [4, 0]) }), 4),
      "Cannot read f: tensor 'w' must have two rising data_offsets, found [4,0]",
    ],
    [
      fileOf(json({ w: describe([2, 3], [0, 20]) }), 20),
      "Cannot read f: tensor 'w' (F32 [2, 3]) takes 24 bytes, found 20",
    ],
    [
      fileOf(json({ w: describe([2 ** 52, 2 ** 52], [0, 4]) }), 4),
      `Cannot read f: tensor 'w' (F32 [${2 ** 52}, ${2 ** 52}]) takes`,
    ],
    [
      fileOf(json({ w: describe([2 ** 40], [0, 2 ** 42]) }), 4),
      "Cannot read f: tensor 'w' ends at byte 4398046511104 of the data, found 4 (truncated)",
    ],
    [
      fileOf(json({ a: describe([2], [0, 8]), b: describe([2], [4, 12]) }), 12),
      "Cannot read f: tensor 'b' overlaps the one before it: it begins at byte 4 of the data, expected 8",
    ],
    [
      fileOf(json({ a: describe([1], [0, 4]), b: describe([1], [8, 12]) }), 12),
      "Cannot read f: tensor 'b' leaves a gap before it: it begins at byte 8 of the data, expected 4",
    ],
    [
      fileOf(json({ a: describe([1], [0, 4]) }), 12),
      "Cannot read f: its tensors end at byte 4 of the data, found 12 bytes",
    ],
  ];
  for (const [file, message] of cases) assertThrows(() => decodeSafetensors(file, "f"), SyntaxError, message);
});

Deno.test("decodeSafetensors() refuses every truncated file", () => {
  const file = encodeSafetensors(tensors);
  for (let length = 0; length < file.length; length++) {
    assertThrows(() => decodeSafetensors(file.subarray(0, length)), SyntaxError, "Cannot read");
  }
});

Deno.test("decodeSafetensors() survives any damaged byte of the header", () => {
  const file = encodeSafetensors(tensors);
  const end = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  for (let at = 0; at < end; at++) {
    for (const damage of [0x01, 0x10, 0x80, 0xff]) {
      const damaged = file.slice();
      damaged[at]! ^= damage;
      try {
        decodeSafetensors(damaged);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
  }
});

Deno.test("decodeSafetensors() reads from the middle of a buffer", () => {
  const file = encodeSafetensors(tensors);
  const shifted = new Uint8Array(file.length + 3);
  shifted.set(file, 3);
  assertEquals(decodeSafetensors(shifted.subarray(3)), decodeSafetensors(file));
});

Deno.test("readSafetensors() reads what writeSafetensors() wrote, and names the file in errors", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/model.safetensors`;
    await writeSafetensors(path, tensors, { step: "3" });
    assertEquals((await readSafetensors(path)).metadata, { step: "3" });
    await Deno.truncate(path, 100);
    await assertRejects(
      () => readSafetensors(path),
      SyntaxError,
      `Cannot read ${path}: its header should take`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
