import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { keepKernels } from "../../../src/dcgan/kernels/kernel_memory.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainEvent } from "../../../src/dcgan/run/events.ts";
import { train } from "../../../src/dcgan/train.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { formatVariant } from "../../../src/gpu/contraction/variants/variant.ts";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { type Device, openDevice } from "../../../src/gpu/mod.ts";
import { candidatesFor } from "../../../src/gpu/tuning/candidates.ts";
import { tiny, withFolder } from "../tiny.ts";

const CONFIG = resolveConfig(tiny);

/** Variants with a kernel of their own that are no defaults, for all that a run computes. */
function othersFor(device: Device): Map<string, string> {
  using taken = new VariantScope(device);
  using _trainer = new Trainer(device, CONFIG);
  return new Map([...taken.taken].map(([signature, { contraction }]) => {
    const kernels = candidatesFor(device, contraction).filter(({ schedule }) =>
      schedule.shape !== "winograd"
    );
    return [signature, formatVariant(kernels.at(-1)!)] as const;
  }));
}

const warningsOf = (events: readonly TrainEvent[]): string[] =>
  events.flatMap((event) => event.type === "warning" ? [event.message] : []);

Deno.test("train() leaves out remembered kernels that have become wrong, and says so", async () => {
  using device = await openDevice();
  using standard = new Trainer(device, CONFIG);
  const others = othersFor(device);
  keepKernels(device, others);
  await withFolder(async (folder) => {
    const kernelsOf = async (name: string) =>
      JSON.parse(await Deno.readTextFile(`${folder}/${name}/config.json`)).kernels.variants;
    const trainAs = (name: string) =>
      Array.fromAsync(train(device, { ...tiny, steps: 1, out: `${folder}/${name}` }));
    assertEquals(warningsOf(await trainAs("right")), []);
    assertEquals(await kernelsOf("right"), Object.fromEntries(others));

    // A driver that was updated since: weight gradients, compiled anew, are wrong
    using updated = await openDevice();
    keepKernels(updated, others);
    const { gpu } = updated;
    const create = gpu.createShaderModule.bind(gpu);
    gpu.createShaderModule = (descriptor) => {
      const { label, code } = descriptor;
      const isWrong = label!.startsWith("conv2d weight gradient") && wrong.has(label!);
      return create({ ...descriptor, code: isWrong ? code.replace("fma(", "0.5 * fma(") : code });
    };
    const wrong = new Set<string>();
    const labelOf = (variant: string) => {
      const [shape, , rows, , vectors] = variant.split(" ");
      return `conv2d weight gradient ${shape} ${rows}x${4 * Number(vectors)}`;
    };
    const differing = [...others].filter(([signature, variant]) =>
      signature.startsWith("conv2d weight gradient") && standard.kernels.variants[signature] !== variant
    );
    assert(differing.length > 0);
    for (const [, variant] of differing) wrong.add(labelOf(variant));

    const events = await Array.fromAsync(train(updated, { ...tiny, steps: 1, out: `${folder}/wrong` }));
    const [warning, ...more] = warningsOf(events);
    assertMatch(
      warning!,
      /^Tuned kernels must still compute the right thing on .*, found "wide .*" for "conv2d weight gradient .*: element \d+ is .*, and should be .*\. They are ignored; --tune finds new ones$/,
    );
    assertEquals(more, []);
    const expected = Object.fromEntries([
      ...others,
      ...differing.map(([signature]) => [signature, standard.kernels.variants[signature]!] as const),
    ]);
    assertEquals(await kernelsOf("wrong"), expected);

    const goOn = () => Array.fromAsync(train(updated, { resume: `${folder}/right`, steps: 2 }));
    const { message } = await assertRejects(goOn, RangeError, "Cannot resume");
    assertMatch(
      message,
      /config\.json must still compute the right thing .* Delete "kernels" there to continue/,
    );
  });
});
