import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { changingOptions, scheduleWarnings } from "../../../src/dcgan/schedules/run_schedules.ts";

const falling = (steps: number) => ({ from: 0.1, to: 0, steps });
const resolve = (options: TrainOptions) => resolveConfig({ steps: 90, dNorm: "none", ...options });

Deno.test("changingOptions() are those with schedules", () => {
  assertEquals(changingOptions(resolve({ r1: 1, instanceNoise: 0.1 })), []);
  const changing = resolve({ instanceNoise: { from: 0, to: 0.1 }, gradientPenalty: falling(9) });
  assertEquals(changingOptions(changing), ["gradientPenalty", "instanceNoise"]);
});

Deno.test("scheduleWarnings() says that a schedule has ended which a resumed run asks for", () => {
  const [none, some] = [resolve({}), resolve({ instanceNoise: falling(50) })];
  assertEquals(scheduleWarnings(none, some, 50), [
    'The schedule of "instanceNoise" has ended: it takes 50 steps, and 50 are done. It stays 0 from here on. ' +
    "Give it more steps to see it change",
  ]);
  const others = [[none, some, 49], [some, some, 70], [some, none, 70], [none, some, 0]] as const;
  for (const [before, after, step] of others) assertEquals(scheduleWarnings(before, after, step), []);
});
