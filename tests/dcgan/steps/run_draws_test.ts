import { assert, assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { drawForStep, penaltyCount } from "../../../src/dcgan/steps/run_draws.ts";
import { advance, type Tensor } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { tiny } from "../tiny.ts";

gpuTest("drawForStep() draws anew in each step, and noise falls to 0 along a line", async (device) => {
  const options = { labelFlip: 0.25, instanceNoise: 0.5, instanceNoiseSteps: 4, dNorm: "none" } as const;
  const config = resolveConfig({ ...tiny, ...options, gradientPenalty: 10, batch: 512, dSteps: 2, pack: 2 });
  using counter = device.state([1], "u32");
  const seen = new Set<string>();
  for (let step = 0; step < 6; step++) {
    const { gradientPenalty, labelFlips, noise } = drawForStep(device, config, counter, 20);
    const [shares, flips, deviation] = await device.read([
      gradientPenalty!.shares,
      labelFlips!,
      noise!.deviation as Tensor,
    ]);
    assertEquals([gradientPenalty!.weight, shares!.length, flips!.length], [20, 512, 1024]);
    assert(shares!.every((share) => share >= 0 && share < 1));
    assert(flips!.every((flip) => flip === 0 || flip === 1));
    const flipped = Array.from(flips!).reduce((a, b) => a + b) / flips!.length;
    // Five standard errors
    assert(Math.abs(flipped - 0.25) < 0.07, `${flipped}`);
    assertEquals([...deviation!], [Math.max(0, 0.5 * (1 - step / 4))]);
    seen.add(`${shares}`).add(`${flips}`);
    advance(counter);
  }
  assertEquals(seen.size, 12);
});

gpuTest("drawForStep() draws nothing that is off", (device) => {
  const config = resolveConfig({ ...tiny, dNorm: "none", r1: 1, gradientPenalty: 10 });
  using counter = device.state([1], "u32");
  using program = device.program({}, () => ({ draws: drawForStep(device, config, counter, 0) }));
  assertEquals([program.outputs.draws, program.stats.launches], [{}, 0]);
  const counts = [{}, { r2: 1 }, { gradientPenalty: 1 }, { r1: 1, r2: 1, gradientPenalty: 1 }].map((
    options,
  ) => penaltyCount(resolveConfig({ ...tiny, dNorm: "none", ...options })));
  assertEquals(counts, [0, 2, 1, 3]);
});
