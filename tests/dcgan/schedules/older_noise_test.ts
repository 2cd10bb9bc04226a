/** Configs of before instance noise had a schedule of the general kind. */
import "../../../src/host/on_native.ts";
import { assertEquals, assertNotEquals } from "@std/assert";
import { formatConfig, parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { runId } from "../../../src/dcgan/run/identity.ts";
import { withNoiseSchedule, withoutNoiseSchedule } from "../../../src/dcgan/schedules/older_noise.ts";

Deno.test("withNoiseSchedule() reads noise of older configs, and withoutNoiseSchedule() gives it back", () => {
  const older = { instanceNoise: 0.1, instanceNoiseSteps: 50, steps: 90 };
  const newer = { instanceNoise: { from: 0.1, to: 0, steps: 50, shape: "linear" }, steps: 90 };
  assertEquals(withNoiseSchedule(older), newer);
  assertEquals(withoutNoiseSchedule(newer), older);
  assertEquals(withNoiseSchedule({ instanceNoise: 0, instanceNoiseSteps: 0 }), { instanceNoise: 0 });
  for (const steady of [newer, { instanceNoise: 0.2 }, {}]) assertEquals(withNoiseSchedule(steady), steady);
  const others = [{ instanceNoise: 0.2 }, {}, { instanceNoise: { from: 0.1, to: 0, shape: "linear" } }];
  for (const other of others) assertEquals(withoutNoiseSchedule(other), other);
});

Deno.test("an older run with noise is read as the run that it was, by its name", () => {
  const config = resolveConfig({
    steps: 90,
    instanceNoise: { from: 0.1, to: 0, steps: 50, shape: "linear" },
  });
  const older = { ...config, instanceNoise: 0.1, instanceNoiseSteps: 50 };
  const read = parseConfig(JSON.stringify(older));
  assertEquals(read, config);
  assertEquals(parseConfig(formatConfig(read)), config);
  // As this version named it when it had both options
  assertEquals(runId(read), "4a412dab8525bd05");
  assertNotEquals(runId(read), runId(resolveConfig({ steps: 90, instanceNoise: 0.1 })));
});
