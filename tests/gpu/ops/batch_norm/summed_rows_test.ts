import { assertAlmostEquals, assertEquals } from "@std/assert";
import { batchNorm, cast, Device, matmul, sum, type Tensor } from "../../../../src/gpu/mod.ts";
import { VariantScope } from "../../../../src/gpu/contraction/variants/variant_scope.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import type { FloatType } from "../../../../src/gpu/kernel/float_memory.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { onCard } from "../../../support/other_adapters.ts";
import { randomValues } from "../../../support/random.ts";

/** Cuts the sums of products into two parts. */
const SPLIT = "tiled rows 16 columns 16 depth 8 rowQuads 1 columnQuads 1 splits 2";

interface Case {
  readonly rows: number;
  readonly channels: number;
  readonly groups?: number;
  readonly dtype?: FloatType;
}

/** A batch norm between two products, both cut into parts, with all gradients. */
function between(device: Device, { rows, channels, groups = 1, dtype = "f32" }: Case): Tensor[] {
  const tensor = (shape: number[], seed: number) =>
    device.tensor(randomValues(shape.reduce((a, b) => a * b), seed, [-1, 1]), { shape, dtype });
  const vector = (seed: number) => device.tensor(randomValues(channels, seed, [0.5, 2]));
  const [a, b, c] = [tensor([rows, 12], 1), tensor([12, channels], 2), tensor([channels, 8], 3)];
  const [weight, bias, runningMean, runningVariance] = [vector(4), vector(5), vector(6), vector(7)];
  const batchesTracked = device.tensor([0], { dtype: "u32" });
  const running = { runningMean, runningVariance, batchesTracked };
  const x = matmul(a, b);
  const y = batchNorm(x, weight, bias, { training: true, groups, activation: { type: "relu" }, ...running });
  const z = matmul(y, c);
  const seeds = [tensor([rows, 8], 8)];
  return [x, y, z, ...Object.values(running), ...gradients([z], [a, b, c, weight, bias], { seeds })];
}

/** Records and runs it on a card, with the sums added up by the batch norm or in launches of their own. */
async function run(device: Device, adding: "apart" | "in batch norm", of: Case) {
  const loopIterations = adding === "apart" ? 2 ** 30 : Infinity;
  const other = new Device(device.gpu, device.adapter, { ...device.capabilities, loopIterations });
  let found: { values: unknown; launches: number; sums: number };
  await onCard(other, async (card) => {
    using _variants = new VariantScope(card, { get: () => SPLIT });
    using program = card.program({}, () => between(card, of));
    program.run();
    const labels = program.launches.map(({ launch }) => launch.kernel.label);
    found = {
      values: await card.read(program.outputs),
      launches: labels.length,
      sums: labels.filter((label) => label === "add parts").length,
    };
  });
  return found!;
}

const CASES: Readonly<Record<string, Case>> = {
  "short columns": { rows: 48, channels: 12 },
  "short columns in groups": { rows: 60, channels: 20, groups: 2 },
  "columns of single channels": { rows: 50, channels: 7 },
  "long columns": { rows: 9000, channels: 8, groups: 2 },
  "long columns of single channels": { rows: 8400, channels: 5 },
  "floats of 16 bits": { rows: 48, channels: 12, dtype: "f16" },
};

for (const [name, of] of Object.entries(CASES)) {
  gpuTest(`batchNorm() adds up parts of products by itself, to the same bytes: ${name}`, async (device) => {
    if (of.dtype === "f16" && !device.capabilities.f16) return;
    const apart = await run(device, "apart", of);
    const within = await run(device, "in batch norm", of);
    assertEquals(within.values, apart.values);
    assertEquals(within.sums, apart.sums - 2);
    assertEquals(within.launches, apart.launches - 2);
  });
}

gpuTest("batchNorm() leaves a sum alone that something else has read", async (device) => {
  const other = new Device(device.gpu, device.adapter, { ...device.capabilities, loopIterations: Infinity });
  await onCard(other, async (card) => {
    using _variants = new VariantScope(card, { get: () => SPLIT });
    const [a, b] = [[8, 12], [12, 8]].map((shape, i) =>
      card.tensor(randomValues(96, i + 1, [-1, 1]), { shape })
    ) as [Tensor, Tensor];
    const ones = card.tensor(new Float32Array(8).fill(1));
    using program = card.program({}, () => {
      const x = matmul(a, b);
      const total = sum(x);
      const y = batchNorm(x, ones, ones, { training: true });
      return [x, total, cast(y, "f32")];
    });
    program.run();
    const [x, total] = await card.read(program.outputs);
    const expected = [...x!].reduce((so, value) => so + value, 0);
    assertAlmostEquals(total![0]!, expected, 1e-4);
    assertEquals(program.launches.filter(({ launch }) => launch.kernel.label === "add parts").length, 1);
  });
});
