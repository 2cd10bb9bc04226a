import "../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { mapEnds, optionAt, settled, textOf } from "../../../src/dcgan/schedules/scheduled_values.ts";

Deno.test("optionAt() takes a decay of averages through its half-life, and all else as it is", () => {
  const decay = { from: 0, to: 0.999, steps: 4, shape: "linear" } as const;
  const values = [0, 1, 2, 3, 4, 5].map((step) => optionAt("ema", step, decay, 100));
  const halfLife = Math.log(0.5) / Math.log(0.999);
  assertEquals([values[0], values[4], values[5]], [0, 0.999, 0.999]);
  for (const step of [1, 2, 3]) assertAlmostEquals(values[step]! ** (halfLife * step / 4), 0.5, 1e-9);
  assertEquals([0, 2].map((step) => optionAt("beta2", step, decay, 100)), [0, 0.4995]);
  assertEquals([0, 7].map((step) => optionAt("ema", step, 0.9, 100)), [0.9, 0.9]);
});

Deno.test("textOf() is what the command line takes, and settled() what a config holds", () => {
  const schedule = { shape: "cosine", steps: 9, to: 2, from: 20 } as const;
  assertEquals(textOf(0.5), "0.5");
  assertEquals(textOf(schedule), "20:2@9");
  assertEquals(textOf({ from: 20, to: 2, shape: "linear" }), "20:2,linear");
  assertEquals(JSON.stringify(settled("r1", schedule)), '{"from":20,"to":2,"steps":9,"shape":"cosine"}');
  assertEquals(settled("r1", { from: 1, to: 2 }), { from: 1, to: 2, shape: "cosine" });
  assertEquals(settled("r1", 3), 3);
  const options = { to: 1 };
  assertEquals(settled("dataOptions", options) === options, true);
  assertEquals(mapEnds(schedule, (value) => value / 2), { ...schedule, from: 10, to: 1 });
});
