import { assertEquals } from "@std/assert";
import { imageLoad, imageType } from "../../../src/gpu/kernel/images/image_memory.ts";
import { defineKernel, type Kernel } from "../../../src/gpu/kernel/kernel.ts";
import { startEarly } from "../../../src/gpu/kernel/start_early.ts";
import { type Device, matmul, openDevice } from "../../../src/gpu/mod.ts";

const LLVMPIPE = { name: "llvmpipe (LLVM 15.0.6, 256 bits)", vendor: "65541" };

/** A kernel of so many characters that binds all that kernels bind, and writes to `y`. */
function kernelOfLength(length: number, array = "array<f32>"): Kernel {
  return defineKernel({
    label: "long",
    bindings: {
      x: ["read", "array<vec4f>"],
      image: ["image", imageType("vec4f")],
      y: ["write", array],
      z: ["update", "array<u32>"],
    },
    uniforms: { count: "u32" },
    declarations: `// ${"long ".repeat(length / 5)}`,
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

Deno.test("startEarly() compiles the first long kernel of a device, and no other", async () => {
  const { device, place, compiled } = await freshPlace();
  using _device = device;
  startEarly(place, kernelOfLength(100));
  startEarly(place, kernelOfLength(30_000, "array<f32, 1000000>"));
  startEarly(
    { ...place, adapter: { ...place.adapter, name: "NVIDIA H100", vendor: "4318" } },
    kernelOfLength(30_000),
  );
  assertEquals(compiled, []);
  for (let i = 0; i < 3; i++) startEarly(place, kernelOfLength(30_000));
  assertEquals(compiled, ["long"]);
  assertEquals(device.ledger.read().buffers, 0);
  // Throws if the GPU rejected anything.
  await device.settled();
});

Deno.test("a program computes what it must with a kernel that was started early", async () => {
  const side = 256;
  const values = (k: number) => Array.from({ length: side * side }, (_, i) => (i * k) % 7 - 3);
  const [left, right] = [values(3), values(5)];
  using device = await openDevice();
  const [a, b] = [left, right].map((each) => device.tensor(each, { shape: [side, side] }));
  using program = device.program({}, () => ({ y: matmul(a!, b!) }));
  program.run();
  const found = await program.outputs.y.data();
  for (let at = 0; at < side * side; at += 97) {
    const [row, column] = [Math.floor(at / side), at % side];
    let sum = 0;
    for (let k = 0; k < side; k++) sum += left[row * side + k]! * right[k * side + column]!;
    assertEquals(found[at], sum);
  }
});
