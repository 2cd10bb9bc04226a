import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { imageLoad, imageType } from "../../../src/gpu/kernel/images/image_memory.ts";
import { defineKernel, type Kernel } from "../../../src/gpu/kernel/kernel.ts";
import { startEarly } from "../../../src/gpu/kernel/start_early.ts";
import { type Device, linear, matmul, openDevice } from "../../../src/gpu/mod.ts";

const LLVMPIPE = { name: "llvmpipe (LLVM 15.0.6, 256 bits)", vendor: "65541" };

/** A kernel of so many characters that binds all that kernels bind, and writes to `y`. */
function kernelOfLength(length: number, label = "long", array = "array<f32>"): Kernel {
  return defineKernel({
    label,
    bindings: {
      x: ["read", "array<vec4f>"],
      image: ["image", imageType("vec4f")],
      y: ["write", array],
      z: ["update", "array<u32>"],
    },
    uniforms: { count: "u32" },
    declarations: `// ${label} ${"long ".repeat(length / 5)}`,
    body: `  if (index >= params.count) { return; }
  y[index] = x[index].x + ${imageLoad("image", "vec4f", "index")}.x;
  z[index] = 1u;`,
  });
}

/** A device that is llvmpipe by name, which has not started anything yet, and the kernels that it compiles. */
async function freshPlace(): Promise<
  { device: Device; place: Parameters<typeof startEarly>[0]; compiled: string[] }
> {
  const device = await openDevice();
  const compiled: string[] = [];
  const get = (kernel: Kernel) => {
    compiled.push(kernel.label);
    return device.pipelines.get(kernel);
  };
  const adapter = { ...device.adapter, ...LLVMPIPE };
  return { device, place: { gpu: device.gpu, adapter, pipelines: { get } }, compiled };
}

Deno.test("startEarly() compiles the first two long kernels of a device, and no others", async () => {
  const { device, place, compiled } = await freshPlace();
  using _device = device;
  const card = { ...place, adapter: { ...place.adapter, name: "NVIDIA H100", vendor: "4318" } };
  for (const label of ["a", "b"]) {
    startEarly(place, kernelOfLength(100, label));
    startEarly(place, kernelOfLength(30_000, label, "array<f32, 1000000>"));
    startEarly(card, kernelOfLength(30_000, label));
    startEarly(place, kernelOfLength(30_000, "first"));
  }
  assertEquals(compiled, []);
  for (const label of ["first", "second", "third"]) startEarly(place, kernelOfLength(30_000, label));
  assertEquals(compiled, ["first", "second"]);
  assertEquals(device.ledger.read().buffers, 0);
  // Throws if the GPU rejected anything.
  await device.settled();
});

Deno.test("a program computes what it must with kernels that were started early", async () => {
  const side = 256;
  const values = (k: number) => Array.from({ length: side * side }, (_, i) => (i * k) % 7 - 3);
  const [left, right] = [values(3), values(5)];
  using device = await openDevice();
  const [a, b] = [left, right].map((each) => device.tensor(each, { shape: [side, side] }));
  using program = device.program({}, () => ({ product: matmul(a!, b!), turned: linear(a!, b!) }));
  program.run();
  const [product, turned] = await device.read([program.outputs.product, program.outputs.turned]);
  for (let at = 0; at < side * side; at += 97) {
    const [row, column] = [Math.floor(at / side), at % side];
    const sums = [0, 0];
    for (let k = 0; k < side; k++) {
      sums[0]! += left[row * side + k]! * right[k * side + column]!;
      sums[1]! += left[row * side + k]! * right[column * side + k]!;
    }
    assertEquals([product![at], turned![at]], sums);
  }
});
