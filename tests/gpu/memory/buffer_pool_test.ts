import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { BufferPool } from "../../../src/gpu/memory/buffer_pool.ts";
import { add, GpuValidationError, Ledger, openDevice, type Tensor } from "../../../src/gpu/mod.ts";
import { FaultyGpu } from "../../support/faulty_gpu.ts";
import { gpuTest } from "../../support/gpu.ts";

/** A pool of at most 100 bytes, buffers for it, and what it destroyed. */
function poolOf100() {
  const ledger = new Ledger();
  const destroyed: number[] = [];
  const gpu = {
    createBuffer: ({ size }: GPUBufferDescriptor) => ({ size, destroy: () => destroyed.push(size) }),
  } as unknown as GPUDevice;
  const make = (size: number) => ledger.create(gpu, { size, usage: 0 });
  return { pool: new BufferPool(ledger, 100), make, destroyed, ledger };
}

Deno.test("BufferPool takes the buffer of a size that was given last", () => {
  const { pool, make } = poolOf100();
  const [first, second] = [make(16), make(16)];
  pool.give(first);
  pool.give(second);
  assertStrictEquals(pool.take(16), second);
  assertStrictEquals(pool.take(32), undefined);
  assertStrictEquals(pool.take(16), first);
  assertStrictEquals(pool.take(16), undefined);
});

Deno.test("BufferPool destroys what was given first when it shrinks", () => {
  const { pool, make, destroyed, ledger } = poolOf100();
  for (const size of [10, 40, 20, 30]) pool.give(make(size));
  pool.shrink();
  assertEquals(destroyed, []);
  pool.give(pool.take(10)!);
  pool.give(make(50));
  assertEquals(destroyed, []);
  pool.shrink();
  assertEquals(destroyed, [40, 20]);
  assertEquals(ledger.read().bytes, 90);
  pool.shrink(0);
  assertEquals(destroyed, [40, 20, 30, 10, 50]);
  assertEquals(ledger.read().buffers, 0);
});

gpuTest("Buffers of sizes that do not come again are not kept for ever", (device) => {
  const before = device.ledger.read().bytes;
  for (let i = 1; i <= 20; i++) device.empty([i * 2 ** 20]).dispose();
  assert(device.ledger.read().bytes - before <= 512 * 2 ** 20);
});

gpuTest("A buffer that a waiting launch needs is not destroyed when too many are free", async (device) => {
  const results: Tensor[] = [];
  for (let i = 0; i < 9; i++) {
    using large = device.empty([(16 + i) * 2 ** 20]);
    using part = device.slice(large, 0, [4]);
    // Memory that was not used before is zero.
    results.push(add(part, i));
  }
  const values = await device.read(results);
  assertEquals(values.map(([value]) => value), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

gpuTest("A buffer that the GPU refused is not used again", async () => {
  // Of its own: other tests are to keep their buffers
  using device = await openDevice();
  {
    using _faults = new FaultyGpu(device, { operation: "createBuffer", at: 1, fault: "reports" });
    using _refused = device.tensor([1, 2, 3]);
    await assertRejects(() => device.settled(), GpuValidationError);
  }
  using usable = device.tensor([1, 2, 3]);
  assertEquals([...await usable.data()], [1, 2, 3]);
});

gpuTest("A read or a wait that fails leaves no buffer behind", async () => {
  using device = await openDevice();
  using x = device.tensor([1, 2, 3]);
  device.flush();
  const before = device.ledger.read().buffers;
  for (const operation of ["submit", "mapAsync"] as const) {
    for (const wait of [() => device.read([x]), () => device.settled()]) {
      using _faults = new FaultyGpu(device, { operation, at: 1, fault: "throws" });
      await assertRejects(async () => void await wait());
      assertEquals(device.ledger.read().buffers, before);
    }
  }
  assertEquals([...await x.data()], [1, 2, 3]);
});
