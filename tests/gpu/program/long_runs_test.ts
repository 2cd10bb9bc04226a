import { assert, assertEquals } from "@std/assert";
import { add, Device, LaunchTimer, matmul, mul, sum, type Tensor } from "../../../src/gpu/mod.ts";
import { launchCost } from "../../../src/gpu/kernel/launch_cost.ts";
import { Clock } from "../../support/clock.ts";
import { FaultyGpu } from "../../support/faulty_gpu.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Runs something while half a second is taken to be enough for so many operations. */
async function withMost(device: Device, most: number, body: () => Promise<void>): Promise<void> {
  const { inFlight } = device;
  inFlight.mostInSubmit = () => most;
  try {
    await body();
  } finally {
    delete (inFlight as Partial<typeof inFlight>).mostInSubmit;
  }
}

/** A chain of launches of different cost, each of which needs the one before. */
function chain(device: Device, value: Tensor) {
  return device.program({}, () => {
    let x = value;
    for (let i = 0; i < 4; i++) x = add(mul(matmul(x, x), 0.05), value);
    return { x, total: sum(x) };
  });
}

const VALUES = Float32Array.from({ length: 16 * 16 }, (_, i) => Math.sin(i));

gpuTest(
  "Program.run() is one submit, and several with the same bytes if a run takes long",
  async (device) => {
    const values = device.tensor(VALUES, { shape: [16, 16] });
    using program = chain(device, values);
    const { launches } = program.stats;
    const quarter = program.launches.reduce((cost, { launch }) => cost + launchCost(launch), 0) / 4;
    const found: { submits: number; bytes: Float32Array }[] = [];
    for (const most of [Infinity, quarter, 1]) {
      await withMost(device, most, async () => {
        using counted = new FaultyGpu(device, { operation: "submit" });
        program.run();
        const submits = counted.count;
        found.push({ submits, bytes: await program.outputs.x.data() as Float32Array });
      });
    }
    const [whole, some, single] = found;
    assertEquals(whole!.submits, 1);
    assert(some!.submits > 1 && some!.submits < launches, `${some!.submits} submits`);
    assertEquals(single!.submits, launches);
    assertEquals(some!.bytes, whole!.bytes);
    assertEquals(single!.bytes, whole!.bytes);
  },
);

gpuTest("LaunchTimer times all launches of a run that is cut", async (device) => {
  if (!device.capabilities.timestamps) return;
  const values = device.tensor(VALUES, { shape: [16, 16] });
  using program = chain(device, values);
  using timer = await LaunchTimer.on(device, program.stats.launches);
  await withMost(device, 1, async () => {
    program.run({}, timer.encode);
    const times = await timer.read();
    assertEquals(times.length, program.stats.launches);
    assert(times.every((time) => time > 0 && time < 10_000), `${times}`);
  });
});

gpuTest("Program.run() cuts a run that waits have shown to take long, and no other", async (shared) => {
  // As if it was a graphics card
  const device = new Device(shared.gpu, { ...shared.adapter, software: false }, shared.capabilities);
  using _buffers = { [Symbol.dispose]: () => device.ledger.destroyAll() };
  const values = device.tensor(VALUES, { shape: [16, 16] });
  using program = chain(device, values);
  using clock = new Clock();
  const submits: number[] = [];
  for (const seconds of [60, 0, 0, 2, 0.1, 0]) {
    using counted = new FaultyGpu(device, { operation: "submit" });
    program.run();
    submits.push(counted.count);
    clock.pass(seconds);
    await device.settled();
  }
  const [first, afterCompiling, quick, slow, afterSlow, again] = submits;
  assertEquals([first, afterCompiling, quick, slow], [1, 1, 1, 1]);
  assert(afterSlow! >= 4 && afterSlow! <= program.stats.launches, `${submits}`);
  assertEquals(again, 1);
});

gpuTest("Device.throttle() waits where there is much ahead, and else not", async (device) => {
  const values = device.tensor(VALUES, { shape: [16, 16] });
  using program = chain(device, values);
  await device.settled();
  assertEquals(device.throttle(), undefined);
  program.run();
  const first = device.throttle();
  assert(first instanceof Promise, "nothing is known of the first run");
  await first;
  using clock = new Clock();
  program.run();
  clock.pass(0.8);
  await device.settled();
  const full: number[] = [];
  for (let run = 1; run <= 6; run++) {
    program.run();
    const wait = device.throttle();
    if (!wait) continue;
    full.push(run);
    clock.pass(0.8 * 3);
    await wait;
  }
  assertEquals(full, [3, 6]);
});

gpuTest("launches outside of programs are submitted sooner if they take long", async (device) => {
  const values = device.tensor(VALUES, { shape: [16, 16] });
  const run = async () => {
    using _scope = device.scope();
    using counted = new FaultyGpu(device, { operation: "submit" });
    let x = values;
    for (let i = 0; i < 12; i++) x = mul(x, 0.5);
    const before = counted.count;
    return { before, data: await x.data() };
  };
  const whole = await run();
  using one = device.program({}, () => ({ y: mul(values, 0.5) }));
  await withMost(device, 3 * launchCost(one.launches[0]!.launch), async () => {
    const cut = await run();
    assertEquals([whole.before, cut.before], [0, 4]);
    assertEquals(cut.data, whole.data);
  });
});

gpuTest(
  "Program.longest is the launch that takes longest, once waits have shown how long",
  async (device) => {
    const large = device.tensor(new Float32Array(256 * 256), { shape: [256, 256] });
    using program = device.program({}, () => {
      const y = matmul(large, large);
      return { y, total: sum(y) };
    });
    using clock = new Clock();
    assertEquals(program.longest, undefined);
    for (const seconds of [9, 4]) {
      program.run();
      const settled = device.settled();
      clock.pass(seconds);
      await settled;
    }
    const { kernel, seconds } = program.longest!;
    assert(kernel.startsWith("matmul"), kernel);
    assert(seconds > 3 && seconds < 5, `${seconds} s`);
  },
);
