import "../../../src/host/on_native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { dryRunText } from "../../../src/cli/terminal/dry_run_text.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import type { ResumedDryRun } from "../../../src/dcgan/run/dry_run.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";

const textOf = (options: TrainOptions, resumed?: ResumedDryRun): string =>
  dryRunText({
    ...(resumed ? { resumed } : {}),
    config: resolveConfig({ data: "faces", size: 16, steps: 10, ...options }),
    images: 50,
    adapter: "a card",
    layers: {
      generator: [{ name: "main.0", kind: "Linear", output: [8], parameters: 2 ** 20, flop: 64 }],
      discriminator: [],
    },
    flop: 1e9,
    gpuBytes: 2 ** 20,
    temporaryBytes: 2 ** 10,
    secondsPerStep: 0.5,
  });

Deno.test("dryRunText() tells what snapshots of averages take on disk, if there are any", () => {
  assertMatch(textOf({ emaSnapshots: 32 }), /snapshots +32 of averages, 128 MiB on disk\n/);
  assertEquals(textOf({}).includes("of averages"), false);
});

Deno.test("dryRunText() tells what becomes of a resumed run", () => {
  const changes = [
    { option: "steps", from: 4, to: 10 },
    { option: "dLearningRate", from: undefined, to: 0.1 },
  ];
  const text = textOf({}, { run: "runs/a", step: 4, changes, setAside: [6, 8] });
  assertMatch(text, /^resumes +runs\/a, from the checkpoint of step 4\n/m);
  assertMatch(text, /^changes +--steps from 4 to 10\n +--d-learning-rate from none to 0.1\n/m);
  assertMatch(text, /^set aside +the checkpoints of steps 6, 8\n/m);
  assertMatch(text, /^the run +6 more of 10 steps: about 3.0 s, /m);
  const same = textOf({}, { run: "runs/a", step: 0, changes: [], setAside: [] });
  assertMatch(same, /^resumes +runs\/a, from its first step\nchanges +nothing\n/m);
});
