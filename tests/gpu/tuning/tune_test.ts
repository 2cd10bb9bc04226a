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
import { CandidateTable } from "../../../src/gpu/tuning/candidate_table.ts";
import { candidatesFor, everyVariant, otherSplits } from "../../../src/gpu/tuning/candidates.ts";
import { contractionChecksum } from "../../../src/gpu/tuning/checksum.ts";
import { gpuTest } from "../../support/gpu.ts";

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

/** The contractions that `build` starts. */
function contractionsIn(device: Device, build: () => void): Map<string, Contraction> {
  using variants = new VariantScope(device);
  build();
  return new Map([...variants.taken].map(([signature, { contraction }]) => [signature, contraction]));
}

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

gpuTest("CandidateTable gives what the tuner may choose, and nothing else", (device) => {
  const contractions = contractionsIn(
    device,
    () => convolveWeightGradient(device.empty([2, 8, 8, 8]), device.empty([2, 4, 4, 8]), G),
  );
  const [signature, contraction] = [...contractions][0]!;
  const candidates = candidatesFor(device, contraction);
  const allowed = [...candidates, ...otherSplits(device, contraction, candidates[0]!)].map(formatVariant);
  assert(allowed.some((text) => !text.endsWith("splits 1")), "the depth of a weight gradient may be cut");
  for (const text of allowed) {
    assertEquals(new CandidateTable(device, new Map([[signature, text]])).get(signature, contraction), text);
  }
  const [standard] = allowed as [string];
  const others = [
    standard.replace(/splits \d+/, "splits 31"),
    standard.replace(/rows \d+/, "rows 4096"),
    standard.replace(/groups \d+/, "groups 2"),
    `${standard} `,
    "no variant",
    "",
  ];
  for (const text of others) {
    const table = new CandidateTable(device, new Map([[signature, text]]));
    assertEquals(table.get(signature, contraction), undefined, text);
    assertEquals([...table.refused], [[signature, text]]);
    assertEquals(table.get("something else", contraction), undefined);
    assertEquals(table.refused.size, 1, "only what was asked for");
  }
});

gpuTest("everyVariant() has variants of all kinds, each once", (device) => {
  const variants = everyVariant(device);
  assertEquals(new Set(variants.map(formatVariant)).size, variants.length);
  for (const shape of ["wide", "thin", "tiled"]) {
    assert(variants.some(({ schedule }) => schedule.shape === shape), shape);
  }
  assert(variants.some(({ splits }) => splits > 1));
});

Deno.test("contractionChecksum() is the same each time", () => {
  assertEquals(contractionChecksum(), contractionChecksum());
  assert(/^[0-9a-f]{16}$/.test(contractionChecksum()));
});
