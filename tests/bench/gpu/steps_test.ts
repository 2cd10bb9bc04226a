import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { measureSteps } from "../../../bench/gpu/steps.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";

Deno.test("measureSteps() measures each workload by default and tuned, and the limit around both", async () => {
  const config = resolveConfig({ size: 16, ngf: 4, ndf: 4, latent: 8, batch: 4 });
  const workload = { name: "tiny", config };
  const effort = { rounds: 1, seconds: 0, limitSums: 4 };
  const said: string[] = [];
  const { steps, limits } = await measureSteps(
    [workload],
    { ...effort, tune: true },
    (line) => said.push(line),
  );
  assertEquals(said, ["Measuring tiny training", "Tuning tiny", "Measuring tiny training, tuned"]);
  assertEquals(steps.map(({ workload, tuned }) => [workload, tuned]), [[workload, false], [workload, true]]);
  assert(steps.every(({ milliseconds, shareOfLimit }) => milliseconds.median > 0 && shareOfLimit.median > 0));
  assertEquals(steps[0]!.parameters, steps[1]!.parameters);
  assertEquals(limits.length, 4);
});
