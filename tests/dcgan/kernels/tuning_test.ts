import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { recallKernels } from "../../../src/dcgan/kernels/kernel_memory.ts";
import { train } from "../../../src/dcgan/train.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { openDevice } from "../../../src/gpu/mod.ts";
import { findKernels, tuneKernels } from "../../../src/dcgan/kernels/tuning.ts";
import { formatVariant } from "../../../src/gpu/contraction/variants/variant.ts";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { candidatesFor } from "../../../src/gpu/tuning/candidates.ts";
import { gpuTest } from "../../support/gpu.ts";
import { batchOf, bytesOf, tiny, trainTiny, withFolder } from "../tiny.ts";

const CONFIG = resolveConfig(tiny);

gpuTest(
  "tuneKernels() tunes all that a step computes, and remembers it",
  async (device) => {
    using trainer = new Trainer(device, CONFIG);
    const { variants } = trainer.kernels;
    await withFolder(async (folder) => {
      const path = `${folder}/kernels.json`;
      const events = await Array.fromAsync(tuneKernels(device, CONFIG, path));
      const tuned = events.filter((event) => event.type === "tuned");
      const signatures = new Set(tuned.map(({ signature }) => signature));
      assertEquals(signatures.size, tuned.length);
      assert(Object.keys(variants).every((signature) => signatures.has(signature)));
      assertEquals(tuned.map(({ number }) => number), tuned.map((_, i) => i + 1));
      assertEquals(tuned.at(-1)!.of, tuned.length);
      assertEquals(events.at(-1), { type: "tuning-end", kernels: tuned.length, path });
      const { table } = await recallKernels(device, path);
      assertEquals(table, new Map(tuned.map(({ signature, variant }) => [signature, variant])));
    });
  },
);

/** A binding of a left operand that is read one by one: as a buffer, or as a texture. */
const ONE_BY_ONE = / a: (array<f32>|texture_storage_2d<r32float, read>);/;

Deno.test("findKernels() also tunes what the chosen variants compute, if it is not computed by default", async () => {
  using device = await openDevice();
  const { gpu } = device;
  const create = gpu.createShaderModule.bind(gpu);
  // Weight gradients of channels in fours are wrong, so that Winograd's filtering is left
  gpu.createShaderModule = (descriptor) => {
    const { label, code } = descriptor;
    const isWrong = label!.startsWith("conv2d weight gradient") && !ONE_BY_ONE.test(code);
    return create({ ...descriptor, code: isWrong ? code.replaceAll("fma(", "0.5 * fma(") : code });
  };
  const tuning = findKernels(device, CONFIG);
  let next = await tuning.next();
  for (; !next.done; next = await tuning.next());
  const found = next.value;
  const winograd = [...found].filter(([signature, variant]) =>
    signature.startsWith("conv2d weight gradient") && variant.startsWith("winograd")
  );
  assert(winograd.length > 0);
  using standard = new Trainer(device, CONFIG);
  const more = [...found.keys()].filter((signature) => !(signature in standard.kernels.variants));
  assert(more.some((signature) => /^matmul TN (9|25) of /.test(signature)), more.join());
  const { adapter } = device;
  const kernels = { adapter: adapter.name, variants: Object.fromEntries(found) };
  using tuned = new Trainer(device, { ...CONFIG, kernels });
  assert(Object.keys(tuned.kernels.variants).every((signature) => found.has(signature)));
});

gpuTest(
  "Trainer takes the variants that its config names, and a run with them repeats to the byte",
  async (device) => {
    using taken = new VariantScope(device);
    using standard = new Trainer(device, CONFIG);
    assertEquals(standard.kernels.adapter, device.adapter.name);
    // The last of the candidates with a kernel of its own, which is never the default
    const others = [...taken.taken].map(([signature, { contraction }]) => {
      const kernels = candidatesFor(device, contraction).filter(({ schedule }) =>
        schedule.shape !== "winograd"
      );
      return [signature, formatVariant(kernels.at(-1)!)] as const;
    });
    const kernels = { adapter: device.adapter.name, variants: Object.fromEntries(others) };
    using first = new Trainer(device, { ...CONFIG, kernels });
    using second = new Trainer(device, { ...CONFIG, kernels: first.kernels });
    assertEquals(first.kernels, kernels);
    assertEquals(first.refusedKernels.size, 0);
    assertNotEquals(first.kernels, standard.kernels);
    for (const trainer of [first, second]) trainer.step(batchOf(0));
    assertEquals(await bytesOf(first), await bytesOf(second));
  },
);

gpuTest("Trainer takes its own defaults where variants were chosen for another adapter", (device) => {
  using standard = new Trainer(device, CONFIG);
  const kernels = {
    adapter: "Voodoo 2",
    variants: { anything: "thin rows 1 vectors 1 lanes 32 groups 2 splits 1" },
  };
  using trainer = new Trainer(device, { ...CONFIG, kernels });
  assertEquals(trainer.kernels, standard.kernels);
});

/** A tile that compilers take minutes and gigabytes for, or for ever, with the threads that the device's default has. */
const monstrous = (variant: string): string => variant.replace(/rows \d+/, "rows 4096");

gpuTest(
  "Trainer takes defaults where its config names variants that are none of the candidates",
  (device) => {
    using standard = new Trainer(device, CONFIG);
    const { adapter, variants } = standard.kernels;
    const named = Object.entries(variants).map(([signature, variant]) =>
      [signature, monstrous(variant)] as const
    );
    using trainer = new Trainer(device, {
      ...CONFIG,
      kernels: { adapter, variants: Object.fromEntries(named) },
    });
    assertEquals(trainer.kernels, standard.kernels);
    assertEquals(
      [...trainer.refusedKernels].sort(),
      named.filter(([key, text]) => variants[key] !== text).sort(),
    );
    assert(trainer.refusedKernels.size > 0);
  },
);

gpuTest(
  "train() refuses by name a run whose config names variants that are no candidates",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      await trainTiny(device, { steps: 2, out });
      const path = `${out}/config.json`;
      const { kernels, ...others } = JSON.parse(await Deno.readTextFile(path));
      const [[signature, variant]] = Object.entries<string>(kernels.variants) as [[string, string]];
      const bad = { ...kernels, variants: { ...kernels.variants, [signature]: monstrous(variant) } };
      await Deno.writeTextFile(path, JSON.stringify({ ...others, kernels: bad }));
      const goOn = () => Array.fromAsync(train(device, { resume: out, steps: 3 }));
      const { message } = await assertRejects(goOn, RangeError, `"${monstrous(variant)}" for "${signature}"`);
      assertStringIncludes(message, `Delete "kernels" there to continue`);
      assertEquals(JSON.parse(await Deno.readTextFile(path)).kernels, bad, "the run is left as it was");
      await Deno.writeTextFile(path, JSON.stringify(others));
      assertEquals((await goOn()).at(-1)?.type, "end");
    });
  },
);
