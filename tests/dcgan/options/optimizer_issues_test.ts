import "../../../src/host/on_native.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { checkOptions, formatConfig, parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

const problemsOf = (options: TrainOptions): string[] =>
  assertThrows(() => checkOptions(options), ConfigError).issues.map(({ option, problem }) =>
    `${option} ${problem}`
  );

Deno.test("checkOptions() refuses a warm-up that does not end before the run", () => {
  for (const steps of [5, 50]) {
    assertEquals(problemsOf({ warmup: 50, steps }), [
      `warmup must be fewer than the steps of the run, ${steps}, found 50`,
    ]);
  }
  checkOptions({ warmup: 50, steps: 51 });
  // Their steps are not known yet
  for (const options of [{ epochs: 1 }, { minutes: 1 }, { resume: "runs/a", more: 5 }]) {
    checkOptions({ warmup: 5000, ...options });
  }
});

Deno.test("checkOptions() refuses AdamW without weight decay, which is Adam", () => {
  for (const options of [{}, { weightDecay: 0 }, { weightDecay: 0, resume: "runs/a" }] as const) {
    const [problem, ...others] = problemsOf({ optimizer: "adamw", ...options });
    assertStringIncludes(problem!, 'optimizer must be "adam" without weight decay, found "adamw"');
    assertEquals(others, []);
  }
  checkOptions({ optimizer: "adamw", weightDecay: 0.01 });
  // The run may have weight decay
  checkOptions({ optimizer: "adamw", resume: "runs/a", override: true });
});

Deno.test("checkOptions() refuses rates, norms and shares out of their ranges", () => {
  const wrong = {
    optimizer: "sgd" as "adam",
    dLearningRate: 0,
    schedule: "step" as "linear",
    warmup: -1,
    clip: -0.5,
    weightDecay: NaN,
  };
  const issues = problemsOf(wrong);
  assertEquals(new Set(issues.map((issue) => issue.split(" ")[0])), new Set(Object.keys(wrong)));
  assertStringIncludes(
    issues.join("\n"),
    'schedule must be one of "constant", "linear", "cosine", found "step"',
  );
});

Deno.test("parseConfig() reads configs of before there were schedules, clipping and weight decay", () => {
  const { optimizer, schedule, warmup, clip, weightDecay, ...earlier } = resolveConfig({});
  const added = { optimizer, schedule, warmup, clip, weightDecay };
  assertEquals(added, { optimizer: "adam", schedule: "constant", warmup: 0, clip: 0, weightDecay: 0 });
  assertEquals("dLearningRate" in earlier, false);
  assertEquals(parseConfig(JSON.stringify(earlier)), { ...earlier, ...added });
  const config = resolveConfig({ dLearningRate: 1e-3, schedule: "cosine", warmup: 9 });
  assertEquals([parseConfig(formatConfig(config)), config.dLearningRate], [config, 1e-3]);
});
