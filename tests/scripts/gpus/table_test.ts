import { assertEquals } from "@std/assert";
import {
  differences,
  EMPTY_TABLE,
  otherDrivers,
  replaceFound,
  type Table,
} from "../../../scripts/gpus/table/table.ts";

const held: Table = {
  drivers: { rdna3: "Mesa 1", arc: "Mesa 1" },
  cards: { H100: { S: { launches: 89, underfilled: 91 } } },
  kernels: {
    rdna3: { "amd f32": { conv2d: { registers: 120, spills: 0, loop: 785 } } },
    arc: { "intel f32": { conv2d: { spills: 177, width: 8 } } },
  },
  variants: { rdna3: { forward: { "tiled rows 64": { registers: 64, spills: 0, loop: 445 } } } },
};

const withKernels = (rows: Table["kernels"][string][string], driver = "Mesa 1"): Table => ({
  ...EMPTY_TABLE,
  drivers: { rdna3: driver },
  kernels: { rdna3: { "amd f32": rows } },
  variants: { rdna3: held.variants.rdna3! },
});

Deno.test("differences() is empty for what was found as it is held, and lets be what was not looked at", () => {
  assertEquals(differences(held, held), []);
  assertEquals(differences(held, EMPTY_TABLE), []);
  assertEquals(differences(held, { ...EMPTY_TABLE, cards: held.cards }), []);
});

Deno.test("differences() says what is and what was, better or worse", () => {
  assertEquals(differences(held, withKernels({ conv2d: { registers: 128, spills: 1, loop: 600 } })), [
    "rdna3, amd f32, conv2d: registers 128, was 120 (worse)",
    "rdna3, amd f32, conv2d: spills 1, was 0 (worse)",
    "rdna3, amd f32, conv2d: loop 600, was 785 (better)",
  ]);
  const wider = {
    ...EMPTY_TABLE,
    drivers: { arc: "Mesa 1" },
    kernels: { arc: { "intel f32": { conv2d: { spills: 0, width: 16 } } } },
  };
  assertEquals(differences(held, wider), [
    "arc, intel f32, conv2d: spills 0, was 177 (better)",
    "arc, intel f32, conv2d: width 16, was 8 (better)",
  ]);
  assertEquals(
    differences(held, { ...EMPTY_TABLE, cards: { H100: { S: { launches: 90, underfilled: 91 } } } }),
    [
      "H100, S: launches 90, was 89 (worse)",
    ],
  );
});

Deno.test("differences() names rows that are new, and rows that are gone", () => {
  assertEquals(differences(held, withKernels({ matmul: { registers: 8, spills: 0 } })), [
    "rdna3, amd f32, conv2d is in the table, and was not found",
    "rdna3, amd f32, matmul is not in the table: registers 8, spills 0",
  ]);
  assertEquals(differences(EMPTY_TABLE, withKernels({ matmul: { registers: 8, spills: 0 } })).length, 2);
  const { conv2d } = held.kernels.rdna3!["amd f32"]!;
  const { loop: _, ...few } = conv2d!;
  assertEquals(differences(held, withKernels({ conv2d: few })), [
    "rdna3, amd f32, conv2d: loop unknown, was 785",
  ]);
});

Deno.test("differences() compares only spills with another version of a driver", () => {
  const found = withKernels({ conv2d: { registers: 64, spills: 2, loop: 700 } }, "Mesa 2");
  assertEquals(differences(held, found), ["rdna3, amd f32, conv2d: spills 2, was 0 (worse)"]);
  assertEquals(otherDrivers(held, found), [
    "rdna3: the table is of Mesa 1, found Mesa 2: only spills are compared",
  ]);
  assertEquals(otherDrivers(held, held), []);
});

Deno.test("replaceFound() keeps what was not looked at", () => {
  const found = withKernels({ matmul: { registers: 8, spills: 0 } }, "Mesa 2");
  assertEquals(replaceFound(held, found), {
    ...held,
    drivers: { rdna3: "Mesa 2", arc: "Mesa 1" },
    kernels: { ...held.kernels, rdna3: found.kernels.rdna3! },
  });
});
