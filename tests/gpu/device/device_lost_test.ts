import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { matmul, openDevice, type Program, randomNormal, type Tensor } from "../../../src/gpu/mod.ts";
import { type Device, DeviceLostError, LaunchTimer } from "../../../src/gpu/mod.ts";

interface Scene {
  device: Device;
  x: Tensor;
  program: Program<"a", { y: Tensor }>;
}

async function openScene(): Promise<Scene> {
  const device = await openDevice();
  const x = device.tensor([[1, 2], [3, 4]]);
  return { device, x, program: device.program({ a: [2, 2] }, ({ a }) => ({ y: matmul(a, a) })) };
}

/** Whatever a script may ask of a device. */
const uses: Readonly<Record<string, (scene: Scene) => unknown>> = {
  "a new tensor": ({ device }) => device.tensor([1]),
  "an empty tensor": ({ device }) => device.empty([1]),
  "a state": ({ device }) => device.state([1]),
  "an operation": ({ x }) => matmul(x, x),
  "a random number": ({ device }) => randomNormal(device, [1], { seed: 1 }),
  "other values": ({ x }) => x.set([1, 2, 3, 4]),
  "a run": ({ program }) => program.run({ a: [1, 2, 3, 4] }),
  "a run without inputs": ({ program }) => program.run(),
  "a new program": ({ device }) => device.program({ a: [2] }, ({ a }) => ({ a })),
  "a submit": ({ device }) => device.submit(() => {}),
  "values": ({ x }) => x.data(),
  "one value": ({ program }) => program.outputs.y.device.read([program.outputs.y]),
  "the end of all work": ({ device }) => device.settled(),
  "what was reported": ({ device }) => device.check(),
};

for (const kind of ["lost", "disposed"] as const) {
  Deno.test(`A device that was ${kind} is a DeviceLostError, whatever is asked of it`, async () => {
    const scene = await openScene();
    const { device } = scene;
    if (kind === "disposed") device[Symbol.dispose]();
    else device.gpu.destroy();
    await device.gpu.lost;
    assertEquals(device.ended, true);
    for (const [what, use] of Object.entries(uses)) {
      const error = await assertRejects(async () => await use(scene), DeviceLostError, undefined, what);
      assertEquals([what, error.kind], [what, kind]);
      assertStringIncludes(error.message, kind === "lost" ? device.adapter.name : "Open another one");
    }
    scene.program[Symbol.dispose]();
    scene.x.dispose();
    device[Symbol.dispose]();
    device[Symbol.dispose]();
  });
}

Deno.test("A device that is lost at any moment is a DeviceLostError where the next value is read", async () => {
  const moments: Record<string, (scene: Scene, lose: () => void) => Promise<unknown>> = {
    "before a read": ({ x }, lose) => (lose(), x.data()),
    "while a value is read": ({ x }, lose) => {
      const reading = x.data();
      lose();
      return reading;
    },
    "before a run": ({ program }, lose) => {
      lose();
      program.run({ a: [1, 2, 3, 4] });
      return program.outputs.y.data();
    },
    "after a run": ({ program }, lose) => {
      program.run({ a: [1, 2, 3, 4] });
      lose();
      return program.outputs.y.data();
    },
    "before an operation": ({ x }, lose) => {
      lose();
      return matmul(x, x).data();
    },
    "before the flush of an operation": ({ x }, lose) => {
      const y = matmul(x, x);
      lose();
      return y.data();
    },
    "before a tensor": ({ device }, lose) => {
      lose();
      return device.tensor([1]).data();
    },
    "before a recording": ({ device }, lose) => {
      lose();
      using program = device.program({ a: [2, 2] }, ({ a }) => ({ y: matmul(a, a) }));
      return program.outputs.y.data();
    },
    "before all is settled": ({ device, program }, lose) => {
      program.run();
      lose();
      return device.settled();
    },
    "while all is settled": ({ device, program }, lose) => {
      program.run();
      const settled = device.settled();
      lose();
      return settled;
    },
  };
  for (const [moment, use] of Object.entries(moments)) {
    const scene = await openScene();
    const error = await assertRejects(
      () => use(scene, () => scene.device.gpu.destroy()),
      DeviceLostError,
      undefined,
      moment,
    );
    assertEquals([moment, error.kind], [moment, "lost"]);
    scene.device[Symbol.dispose]();
  }
});

Deno.test("LaunchTimer.read() of a device that is lost is a DeviceLostError", async () => {
  using device = await openDevice();
  if (!device.capabilities.timestamps) return;
  const program = device.program({ a: [2, 2] }, ({ a }) => ({ y: matmul(a, a) }));
  const timer = await LaunchTimer.on(device, program.launches.length);
  device.gpu.destroy();
  program.run({}, timer.encode);
  await assertRejects(() => timer.read(), DeviceLostError);
});

Deno.test("Device.check() does not lose what was reported before the device was", async () => {
  const device = await openDevice();
  device.check();
  device[Symbol.dispose]();
  for (let i = 0; i < 2; i++) assertThrows(() => device.check(), DeviceLostError, "it was disposed");
});

Deno.test("Device.settled() waits for a buffer: in Deno, to wait for the queue of a lost device panics", async () => {
  const scene = await openScene();
  using device = scene.device;
  const { onSubmittedWorkDone } = GPUQueue.prototype;
  GPUQueue.prototype.onSubmittedWorkDone = () => {
    throw new Error("Waits for the queue");
  };
  try {
    scene.program.run();
    await device.settled();
    scene.program.run();
    // Nobody has heard of it yet
    device.gpu.destroy();
    await assertRejects(() => device.settled(), DeviceLostError);
  } finally {
    GPUQueue.prototype.onSubmittedWorkDone = onSubmittedWorkDone;
  }
});
