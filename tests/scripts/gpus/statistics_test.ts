import { assertEquals, assertThrows } from "@std/assert";
import { type Executable, statisticsOf, worst } from "../../../scripts/gpus/compile/statistics.ts";

const line = (...executables: Executable[]) => ({ result: 0, milliseconds: 1, executables });

const amd: Executable = {
  name: "Compute Shader",
  subgroupSize: 64,
  statistics: { "VGPRs": 96, "Spilled VGPRs": 2, "Spilled SGPRs": 3, "Instructions": 500 },
  assembly: "BB0:\n\tv_fma_f32 v1, v2, v3, v1\n\ts_endpgm\n",
};
const intel: Executable = {
  name: "compute",
  subgroupSize: 16,
  statistics: { "Instruction Count": 500, "Spill Count": 7, "Fill Count": 9 },
};

Deno.test("statisticsOf() reads registers, spills of both kinds and the loop of AMD's compiler", () => {
  assertEquals(statisticsOf(line(amd)), { registers: 96, spills: 5, loop: 2 });
});

Deno.test("statisticsOf() reads spills and width of Intel's compiler, the worst of several programs", () => {
  assertEquals(statisticsOf(line(intel)), { spills: 7, width: 16 });
  assertEquals(statisticsOf(line(intel, { ...intel, subgroupSize: 8, statistics: { "Spill Count": 1 } })), {
    spills: 7,
    width: 8,
  });
});

Deno.test("statisticsOf() throws what was said against a kernel", () => {
  assertThrows(() => statisticsOf({ error: "no such function" }), Error, "no such function");
  assertThrows(() => statisticsOf({ ...line(amd), result: -3 }), Error, "the driver failed with -3");
});

Deno.test("statisticsOf() takes nothing that a driver does not tell for zero", () => {
  assertThrows(() => statisticsOf(line()), Error, "tells nothing");
  assertThrows(() => statisticsOf(line({ ...intel, statistics: {} })), Error, 'no "Spill Count"');
  const { "Spilled SGPRs": _, ...fewer } = amd.statistics;
  assertThrows(
    () => statisticsOf(line({ ...amd, statistics: fewer as Record<string, number> })),
    Error,
    "SGPRs",
  );
});

Deno.test("worst() takes the most of each number, and the least width", () => {
  assertEquals(worst({ registers: 90, spills: 0, loop: 10 }, { registers: 80, spills: 4 }), {
    registers: 90,
    spills: 4,
    loop: 10,
  });
  assertEquals(worst({ spills: 0, width: 8 }, { spills: 0, width: 16 }), { spills: 0, width: 8 });
});
