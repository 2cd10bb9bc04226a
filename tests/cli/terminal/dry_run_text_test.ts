import { assertEquals, assertMatch } from "@std/assert";
import { dryRunText } from "../../../src/cli/terminal/dry_run_text.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";

const textOf = (options: TrainOptions): string =>
  dryRunText({
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
