import { assertEquals, assertThrows } from "@std/assert";
import { decodeNpy, encodeNpy, npyHeader } from "../../src/files/npy.ts";

Deno.test("decodeNpy() reads what encodeNpy() wrote", () => {
  for (const shape of [[2, 1, 3, 2], [5], [], [0, 3], [12345678901, 0]]) {
    const data = Float32Array.from(
      { length: shape.reduce((size, extent) => size * extent, 1) },
      (_, i) => i / 4,
    );
    const file = encodeNpy({ shape, data });
    assertEquals(decodeNpy(file), { shape, data });
    assertEquals((file.length - data.byteLength) % 64, 0);
  }
});

Deno.test("npyHeader() writes the text that NumPy does", () => {
  const header = npyHeader([64, 3, 32, 32]);
  assertEquals([...header.subarray(0, 10)], [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0]);
  assertEquals(
    new TextDecoder().decode(header.subarray(10)),
    "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 3, 32, 32), }".padEnd(117) + "\n",
  );
});

Deno.test("encodeNpy() refuses values that do not fit the shape", () => {
  assertThrows(
    () => encodeNpy({ shape: [2, 2], data: new Float32Array(3) }),
    RangeError,
    "takes 4 values, found 3",
  );
  for (const shape of [[-1, -2], [0.5, 4]]) {
    assertThrows(
      () => encodeNpy({ shape, data: new Float32Array(2) }),
      RangeError,
      `Cannot write an array of shape [${
        shape.join(", ")
      }]: every extent must be a whole number of at least 0`,
    );
  }
});

Deno.test("decodeNpy() rounds floats of 64 bits", () => {
  const values = [1 / 3, -2, 1e300];
  const header = npyHeader([3]);
  header.set(new TextEncoder().encode("<f8"), 21);
  const file = new Uint8Array([...header, ...new Uint8Array(Float64Array.from(values).buffer)]);
  assertEquals(decodeNpy(file), { shape: [3], data: Float32Array.from(values) });
});

Deno.test("decodeNpy() says what is wrong with a file", () => {
  const file = encodeNpy({ shape: [2], data: new Float32Array(2) });
  const halves = file.slice();
  halves.set(new TextEncoder().encode("<f2"), 21);
  const doubles = file.slice();
  doubles.set(new TextEncoder().encode("<f8"), 21);
  const later = file.slice();
  later[6] = 3;
  const unparted = encodeNpy({ shape: [1, 2], data: new Float32Array(2) });
  unparted[unparted.lastIndexOf(0x2c, 64)] = 0x20;
  unparted[unparted.indexOf(0x28) + 2] = 0x20;
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(3), "Cannot read f: it does not begin as a npy file does"],
    [later, "Cannot read f: npy version 3, expected 1"],
    [halves, "Cannot read f: expected '<f4' or '<f8' in row-major order, found {'descr': '<f2'"],
    [doubles, "Cannot read f: shape [2] takes 16 bytes, found 8"],
    [unparted, "Cannot read f: expected '<f4' or '<f8' in row-major order, found"],
    [file.subarray(0, -1), "Cannot read f: shape [2] takes 8 bytes, found 7"],
    [file.subarray(0, 30), "Cannot read f: expected '<f4' or '<f8' in row-major order"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => decodeNpy(bytes, "f"), SyntaxError, message);
});
