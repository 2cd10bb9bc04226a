import { assert, assertEquals, assertThrows } from "@std/assert";
import { compileKernels } from "../../../scripts/gpus/compile/compile.ts";
import { COMPILERS } from "../../../scripts/gpus/compile/compilers.ts";
import { statisticsOf } from "../../../scripts/gpus/compile/statistics.ts";
import { buildLayer } from "../../../scripts/gpus/drivers/layer.ts";
import { FOR_LAYER } from "../../../scripts/gpus/drivers/needs.ts";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";
import { withFolder } from "../../support/temp_folder.ts";

const missing = FOR_LAYER.filter(({ isThere }) => !isThere()).map(({ name }) => name);

/** Reads so many values before it writes any of them. */
const holding = (values: number) => {
  const all = Array.from({ length: values }, (_, i) => i);
  return defineKernel({
    label: `holds ${values}`,
    bindings: { x: ["update", "array<f32>"] },
    body: [
      ...all.map((i) => `  let v${i} = x[${i * 64}u + index];`),
      "  storageBarrier();",
      ...all.map((i) => `  x[${i * 64}u + index] = v${values - 1 - i};`),
    ].join("\n"),
  });
};

Deno.test({
  name: missing.length === 0
    ? "compileKernels() tells registers and spills, and what is said against a kernel"
    : `compileKernels() tells registers and spills (skipped: ${missing.join(", ")} must be installed)`,
  ignore: missing.length > 0,
  fn: () =>
    withFolder(async (folder) => {
      await buildLayer(folder);
      const wrong = { ...holding(1), code: "fn main() { nonsense }" };
      const rdna3 = COMPILERS.find(({ name }) => name === "rdna3")!;
      const { device, results } = await compileKernels(rdna3, [holding(8), wrong, holding(400)], { folder });
      assert(device.driver.startsWith("Mesa"), device.driver);
      const [few, , many] = [results[0]!, results[1]!, results[2]!];
      assertEquals(statisticsOf(few).spills, 0);
      assert(statisticsOf(few).registers! >= 8);
      assertThrows(() => statisticsOf(results[1]!), Error, "nonsense");
      assert(statisticsOf(many).spills > 0);
    }),
});
