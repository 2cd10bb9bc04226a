import { assertEquals } from "@std/assert";
import { addParts } from "../../../src/gpu/contraction/add_parts.ts";
import type { Contraction } from "../../../src/gpu/contraction/sums/contraction.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Numbers whose sum depends on the order in which they are added. */
const number = (at: number) => Math.fround(Math.sin(at + 1) * 10 ** (at % 5));

gpuTest("addParts() adds parts up in order, however many there are", async (device) => {
  const columns = 3;
  const count = 2 * columns;
  for (const splits of [1, 2, 7, 8, 9, 16, 27]) {
    const values = Float32Array.from({ length: splits * count }, (_, at) => number(at));
    const parts = device.tensor(values, { shape: [splits, count] });
    const output = device.tensor(Float32Array.from({ length: count }, (_, at) => at), {
      shape: [2, columns],
    });
    const sums = (first: (at: number) => number) =>
      Float32Array.from({ length: count }, (_, at) => {
        let sum = first(at);
        for (let split = 0; split < splits; split++) sum = Math.fround(sum + values[split * count + at]!);
        return sum;
      });
    addParts({ output, columns, accumulate: true } as Contraction, parts, splits);
    assertEquals(await output.data(), sums((at) => at), `${splits} parts, added`);
    addParts({ output, columns } as Contraction, parts, splits);
    assertEquals(await output.data(), sums(() => 0), `${splits} parts`);
    const bias = device.tensor([1, 2, 3]);
    addParts({ output, columns, bias, activation: { type: "relu" } } as Contraction, parts, splits);
    const finished = sums(() => 0).map((sum, at) => Math.max(0, Math.fround(sum + 1 + at % columns)));
    assertEquals(await output.data(), finished, `${splits} parts, finished`);
  }
});
