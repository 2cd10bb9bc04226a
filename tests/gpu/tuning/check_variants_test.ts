import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  convolve,
  convolveInputGradient,
  convolveWeightGradient,
} from "../../../src/gpu/contraction/convolve.ts";
import { defaultVariant } from "../../../src/gpu/contraction/variants/default_variant.ts";
import { formatVariant } from "../../../src/gpu/contraction/variants/variant.ts";
import { type TakenVariant, VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { type Device, GpuValidationError, matmul, openDevice } from "../../../src/gpu/mod.ts";
import { checkVariants } from "../../../src/gpu/tuning/check_variants.ts";
import { candidatesFor } from "../../../src/gpu/tuning/candidates.ts";

/** Of many images, of which one is enough for a kernel. */
const G = {
  images: 32,
  height: 16,
  width: 16,
  inputs: 8,
  outHeight: 8,
  outWidth: 8,
  outputs: 16,
  kernelHeight: 4,
  kernelWidth: 4,
  stride: 2,
  padding: 1,
};

/** All kinds of contractions, by a candidate each that is not the default. */
function takeOthers(
  device: Device,
  choose: (signature: string, texts: string[]) => string,
): Map<string, TakenVariant> {
  using variants = new VariantScope(device, {
    get: (signature, contraction) => {
      const standard = formatVariant(defaultVariant(device, contraction));
      const texts = candidatesFor(device, contraction).map(formatVariant).filter((text) => text !== standard);
      return choose(signature, texts);
    },
  });
  using _scope = device.scope();
  const [x, y, weight, bias] = [[32, 16, 16, 8], [32, 8, 8, 16], [4, 4, 8, 16], [16]].map((shape) =>
    device.empty(shape)
  ) as [Tensor, Tensor, Tensor, Tensor];
  convolve(x, weight, G, { bias, activation: { type: "leaky_relu", slope: 0.2 } });
  convolveInputGradient(y, weight, G);
  convolveWeightGradient(x, y, G);
  matmul(device.empty([40, 24]), device.empty([24, 16]));
  return variants.taken;
}

type Tensor = ReturnType<Device["empty"]>;

/** A device of its own, and the labels of what it compiles; `compile` says what is made of a text. */
async function watchedDevice(
  compile: (code: string, label: string) => string = (code) => code,
): Promise<{ device: Device; labels: string[] }> {
  const device = await openDevice();
  const { gpu } = device;
  const create = gpu.createShaderModule.bind(gpu);
  const labels: string[] = [];
  gpu.createShaderModule = (descriptor) => {
    labels.push(descriptor.label!);
    return create({ ...descriptor, code: compile(descriptor.code, descriptor.label!) });
  };
  return { device, labels };
}

const own = (texts: string[]) => texts.find((text) => text.startsWith("wide rows 16 "))!;

Deno.test("checkVariants() finds nothing wrong with right kernels, and compiles none anew", async () => {
  const { device, labels } = await watchedDevice();
  using _device = device;
  const taken = takeOthers(device, (_, texts) => own(texts));
  await device.settled();
  const compiled = labels.length;
  assert(compiled > 0);
  device.trim();
  const before = device.ledger.read().buffers;
  assertEquals(await checkVariants(device, taken), new Map());
  assertEquals(labels.slice(compiled), []);
  assert(device.ledger.read().buffers <= before + 1, "but for what is read through, nothing is kept");
});

Deno.test("checkVariants() finds kernels that are wrong, and those that do not compile", async () => {
  const { device } = await watchedDevice((code, label) =>
    label.startsWith("conv2d input gradient") ? "an error" : code.replace("fma(", "0.5 * fma(")
  );
  using _device = device;
  const taken = takeOthers(device, (_, texts) => own(texts));
  const wrong = await checkVariants(device, taken);
  assertEquals([...wrong.keys()], [...taken.keys()]);
  for (const [signature, { variant, reason }] of wrong) {
    assertEquals(variant, formatVariant(taken.get(signature)!.variant));
    assertMatch(
      reason,
      signature.startsWith("conv2d input gradient")
        ? /^The GPU rejected a command/
        : /^element \d+ is .*, and should be/,
    );
  }
});

Deno.test("checkVariants() leaves defaults out, and throws what was wrong before", async () => {
  const { device, labels } = await watchedDevice();
  using _device = device;
  const defaults = takeOthers(device, () => "no variant");
  await device.settled();
  labels.length = 0;
  assertEquals(await checkVariants(device, defaults), new Map());
  assertEquals(labels, []);

  const others = takeOthers(device, (_, texts) => own(texts));
  device.gpu.createShaderModule({ code: "an error" });
  await assertRejects(() => checkVariants(device, others), GpuValidationError);
});
