import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { add, type Device, LaunchTimer, TimestampsMissingError } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

/** A test that passes by itself where the adapter has no timestamps. */
function timerTest(name: string, body: (device: Device) => Promise<void>): void {
  gpuTest(name, async (device) => {
    if (device.capabilities.timestamps) await body(device);
  });
}

timerTest("LaunchTimer times every launch of a run, and leaves its results as they are", async (device) => {
  const total = device.state([1]);
  using program = device.program({ x: [1] }, ({ x }) => ({ y: add(add(x, total), 1) }));
  using timer = await LaunchTimer.on(device, program.launches.length);
  for (const x of [1, 2]) {
    program.run({ x: [x] }, timer.encode);
    const times = await timer.read();
    assertEquals(times.length, 2);
    assert(times.every((milliseconds) => milliseconds >= 0 && milliseconds < 10_000), times.join());
    assertEquals(await program.outputs.y.item(), x + 1);
  }
});

timerTest("LaunchTimer times more launches than fit into one set of queries", async (device) => {
  const count = 2 * 2048 + 1;
  const x = device.state([1]);
  using program = device.program({}, () => {
    let y = x;
    for (let i = 0; i < count; i++) y = add(y, 1);
    return { y };
  });
  using timer = await LaunchTimer.on(device, count);
  const before = performance.now();
  program.run({}, timer.encode);
  const times = await timer.read();
  const wall = performance.now() - before;
  assertEquals(times.length, count);
  assertEquals(await program.outputs.y.item(), count);
  const sum = times.reduce((a, b) => a + b, 0);
  assert(sum > 0 && sum <= wall, `${sum} ms of launches in ${wall} ms`);
});

timerTest("LaunchTimer refuses a program of another length", async (device) => {
  using program = device.program({ x: [1] }, ({ x }) => ({ y: add(x, 1) }));
  using timer = await LaunchTimer.on(device, 2);
  const error = assertThrows(() => program.run({ x: [1] }, timer.encode), RangeError);
  assertEquals(error.message, "This timer needs 2 launches, found 1. Create a timer for this program");
});

Deno.test("LaunchTimer.on() says what an adapter without timestamps lacks", async () => {
  const device = { capabilities: { timestamps: false }, adapter: { name: "an abacus" } } as unknown as Device;
  const error = await assertRejects(() => LaunchTimer.on(device, 1), TimestampsMissingError);
  assertEquals(
    error.message,
    "Cannot time kernels on an abacus: it must support WebGPU's 'timestamp-query'. Use another adapter or driver",
  );
});
