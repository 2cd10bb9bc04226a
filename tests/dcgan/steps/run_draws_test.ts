import { assert, assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { drawForStep, penaltiesOf } from "../../../src/dcgan/steps/run_draws.ts";
import { advance } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { tiny } from "../tiny.ts";

gpuTest("drawForStep() draws anew in each step", async (device) => {
  const config = resolveConfig({ ...tiny, labelFlip: 0.25, batch: 512, dSteps: 2, pack: 2 });
  const weights = { gradientPenalty: 20, instanceNoise: device.tensor([0.5]) };
  using counter = device.state([1], "u32");
  const seen = new Set<string>();
  for (let step = 0; step < 6; step++) {
    const { gradientPenalty, labelFlips, noise } = drawForStep(device, config, counter, weights);
    const [shares, flips] = await device.read([gradientPenalty!.shares, labelFlips!]);
    assertEquals(noise!.deviation, weights.instanceNoise);
    assertEquals([gradientPenalty!.weight, shares!.length, flips!.length], [20, 512, 1024]);
    assert(shares!.every((share) => share >= 0 && share < 1));
    assert(flips!.every((flip) => flip === 0 || flip === 1));
    const flipped = Array.from(flips!).reduce((a, b) => a + b) / flips!.length;
    // Five standard errors
    assert(Math.abs(flipped - 0.25) < 0.07, `${flipped}`);
    seen.add(`${shares}`).add(`${flips}`);
    advance(counter);
  }
  assertEquals(seen.size, 12);
});

gpuTest("drawForStep() draws nothing that is off", (device) => {
  const config = resolveConfig({ ...tiny, dNorm: "none", r1: 1, gradientPenalty: 10 });
  using counter = device.state([1], "u32");
  const off = { gradientPenalty: 0, instanceNoise: 0 };
  using program = device.program({}, () => ({ draws: drawForStep(device, config, counter, off) }));
  assertEquals([program.outputs.draws, program.stats.launches], [{}, 0]);
  const rising = { from: 0, to: 1 };
  const counts = [{}, { r2: 1 }, { gradientPenalty: 1 }, { gradientPenalty: rising }, {
    r1: 1,
    r2: 1,
    gradientPenalty: 1,
  }].map((
    options,
  ) => penaltiesOf(resolveConfig({ ...tiny, dNorm: "none", ...options })));
  const [r1, r2, mixed] = ["r1Penalty", "r2Penalty", "wganGpPenalty"] as const;
  assertEquals(counts, [[], [undefined, r2], [mixed], [mixed], [r1, r2, mixed]]);
});
