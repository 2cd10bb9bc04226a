import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { type Device, matmul, openDevice } from "../../../src/gpu/mod.ts";
import type { Contraction } from "../../../src/gpu/contraction/sums/contraction.ts";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { tuneContractions } from "../../../src/gpu/tuning/tune.ts";
import { formatVariant } from "../../../src/gpu/contraction/variants/variant.ts";
import {
  convolve,
  convolveInputGradient,
  convolveWeightGradient,
} from "../../../src/gpu/contraction/convolve.ts";
import type { VariantTimer } from "../../../src/gpu/tuning/variant_timer.ts";
import { candidatesFor } from "../../../src/gpu/tuning/candidates.ts";
import { gpuTest } from "../../support/gpu.ts";
import { contractionsIn } from "./contractions_in.ts";

const G = {
  images: 2,
  height: 8,
  width: 8,
  inputs: 8,
  outHeight: 4,
  outWidth: 4,
  outputs: 8,
  kernelHeight: 4,
  kernelWidth: 4,
  stride: 2,
  padding: 1,
};

function product(device: Device): Map<string, Contraction> {
  return contractionsIn(device, () => matmul(device.empty([40, 24]), device.empty([24, 16])));
}

/** A device of its own whose compiler makes some of the kernels that multiply wrong: those of these turns, from 1. */
async function sabotagedDevice(wrong: (turn: number) => boolean): Promise<Device> {
  const device = await openDevice();
  const { gpu } = device;
  const create = gpu.createShaderModule.bind(gpu);
  let turn = 0;
  gpu.createShaderModule = (descriptor) => {
    const { code } = descriptor;
    return create({
      ...descriptor,
      code: code.includes("fma(") && wrong(++turn) ? code.replace("fma(", "0.5 * fma(") : code,
    });
  };
  return device;
}

gpuTest("tuneContractions() finds a variant for every kind of contraction", async (device) => {
  const contractions = contractionsIn(device, () => {
    const [x, y, weight] = [
      device.empty([2, 8, 8, 8]),
      device.empty([2, 4, 4, 8]),
      device.empty([4, 4, 8, 8]),
    ];
    convolve(x, weight, G, { activation: { type: "leaky_relu", slope: 0.2 } });
    convolveInputGradient(y, weight, G, { bias: device.empty([8]), activation: { type: "tanh" } });
    convolveWeightGradient(x, y, G);
    convolveWeightGradient(x, y, G, { into: device.empty([4, 4, 8, 8]), accumulate: true });
  });
  assertEquals([...contractions.keys()], [
    "conv2d 2x8x8x8 -> 8, kernel 4x4 stride 2 padding 1, leaky_relu",
    "conv2d input gradient 2x8x8x8 -> 8, kernel 4x4 stride 2 padding 1, bias, tanh",
    "conv2d weight gradient 2x8x8x8 -> 8, kernel 4x4 stride 2 padding 1",
    "conv2d weight gradient 2x8x8x8 -> 8, kernel 4x4 stride 2 padding 1, added",
  ]);
  for await (const tuned of tuneContractions(device, contractions)) {
    const contraction = contractions.get(tuned.signature)!;
    const candidates = candidatesFor(device, contraction).map(({ schedule }) =>
      formatVariant({ schedule, splits: 1 })
    );
    assert(candidates.includes(tuned.variant.replace(/splits \d+$/, "splits 1")), tuned.variant);
    assertEquals(tuned.refused, []);
    assert(tuned.milliseconds > 0 && tuned.milliseconds <= tuned.defaultMilliseconds!);
  }
});

Deno.test("tuneContractions() refuses a variant that computes something else", async () => {
  using device = await sabotagedDevice((turn) => turn === 2);
  const contractions = product(device);
  const wrong = formatVariant(candidatesFor(device, [...contractions.values()][0]!)[1]!);
  const [tuned] = await Array.fromAsync(tuneContractions(device, contractions));
  assertEquals(tuned!.refused.map(({ variant }) => variant), [wrong]);
  assertStringIncludes(tuned!.refused[0]!.reason, "off by");
  assert(tuned!.variant !== wrong);
});

Deno.test("tuneContractions() takes another variant where the default is wrong", async () => {
  using device = await sabotagedDevice((turn) => turn === 1);
  const [tuned] = await Array.fromAsync(tuneContractions(device, product(device)));
  assertEquals(tuned!.defaultMilliseconds, undefined);
  assertMatch(tuned!.refused[0]!.reason, /^element \d+ is .*, and should be/);
});

Deno.test("tuneContractions() gives up on a driver that is always wrong, naming what it computes", async () => {
  using device = await sabotagedDevice(() => true);
  await assertRejects(
    async () => {
      await Array.fromAsync(tuneContractions(device, product(device)));
    },
    Error,
    "Cannot tune 'matmul NN 40x24 * 24x16' on",
  );
});

Deno.test("tuneContractions() takes no parts where they are added up wrongly, however fast that is", async () => {
  using device = await openDevice();
  const { gpu } = device;
  const create = gpu.createShaderModule.bind(gpu);
  gpu.createShaderModule = (descriptor) =>
    create({ ...descriptor, code: descriptor.code.replaceAll(" = parts[", " = 2.0 * parts[") });
  const contractions = contractionsIn(device, () => matmul(device.empty([16, 512]), device.empty([512, 16])));
  const partsAreFast: VariantTimer = {
    time: (entries) => Promise.resolve(entries.map(({ program }) => 1 / program.launches.length)),
  };
  const [tuned] = await Array.fromAsync(tuneContractions(device, contractions, partsAreFast));
  assertMatch(tuned!.variant, / splits 1$/);
  assert(tuned!.refused.length > 0);
  for (const { variant, reason } of tuned!.refused) {
    assertMatch(variant, / splits [248]$/);
    assertStringIncludes(reason, "off by");
  }
});

gpuTest("contractions take the variant of the innermost scope, and defaults outside", (device) => {
  const contractions = product(device);
  const [signature, contraction] = [...contractions][0]!;
  const [standard, other] = candidatesFor(device, contraction).map(formatVariant);
  const taken = (table: Map<string, string>) => {
    using variants = new VariantScope(device, table);
    matmul(device.empty([40, 24]), device.empty([24, 16]));
    return formatVariant(variants.taken.get(signature)!.variant);
  };
  assertEquals(taken(new Map([[signature, other!]])), other);
  assertEquals(taken(new Map([["something else", other!]])), standard);
  assertEquals(taken(new Map([[signature, "no variant"]])), standard);
  assertEquals(
    taken(new Map([[signature, "wide rows 8 vectors 1 lanes 7 groups 1 shared splits 1"]])),
    standard,
    "a variant for other subgroups",
  );
});
