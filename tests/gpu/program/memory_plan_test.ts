import { assert, assertEquals } from "@std/assert";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";
import type { Launch } from "../../../src/gpu/kernel/launch.ts";
import { type MemoryPlan, planMemory } from "../../../src/gpu/program/memory_plan.ts";
import { Storage } from "../../../src/gpu/memory/storage.ts";
import { randomValues } from "../../support/random.ts";

const NOTHING: ReadonlySet<Storage> = new Set();

/** A launch that reads all storages but the last, which it writes. */
function launch(...storages: Storage[]): Launch {
  const bindings = storages.map((_, i) =>
    [`b${i}`, [i < storages.length - 1 ? "read" : "write", "array<f32>"] as const] as const
  );
  const kernel = defineKernel({ label: "any", bindings: Object.fromEntries(bindings), body: "" });
  return { kernel, storages, uniforms: [], workgroups: [1, 1, 1] };
}

function made(count: number, bytes: number): Storage[] {
  return Array.from({ length: count }, () => new Storage(bytes));
}

/** The buffer of a storage, and its first and last byte. */
function placeOf(storage: Storage, { buffers }: MemoryPlan): { buffer: number; first: number; last: number } {
  const buffer = buffers.findIndex(({ places }) => places.some((place) => place.storage === storage));
  const { offset } = buffers[buffer]!.places.find((place) => place.storage === storage)!;
  return { buffer, first: offset, last: offset + storage.bytes - 1 };
}

function overlap(a: Storage, b: Storage, plan: MemoryPlan): boolean {
  const [one, other] = [placeOf(a, plan), placeOf(b, plan)];
  return one.buffer === other.buffer && one.first <= other.last && other.first <= one.last;
}

Deno.test("planMemory() lets a chain take turns in two buffers", () => {
  const links = made(10, 1000);
  const plan = planMemory(links.slice(1).map((link, i) => launch(links[i]!, link)), NOTHING);
  assertEquals(plan.buffers.length, 2);
  assertEquals([plan.bytes, plan.livenessBytes], [2 * 1008, 2 * 1008]);
});

Deno.test("planMemory() lets small storages share the bytes of a large one that is gone", () => {
  const [first, second] = made(2, 512) as [Storage, Storage];
  const [large, sum] = [new Storage(1024), new Storage(16)];
  const plan = planMemory(
    [launch(large), launch(first), launch(second), launch(first, second, sum)],
    NOTHING,
  );
  assertEquals(plan.bytes, 1024 + 16);
  assert(!overlap(first, second, plan));
});

Deno.test("planMemory() never gives a kept storage's bytes to another", () => {
  const [a, b, c, d] = made(4, 64) as [Storage, Storage, Storage, Storage];
  const plan = planMemory([launch(a, b), launch(b, c), launch(c, d)], new Set([a, d]));
  for (const kept of [a, d]) {
    for (const other of [a, b, c, d]) assert(kept === other || !overlap(kept, other, plan));
  }
});

Deno.test("planMemory() leaves storages that have a place alone", () => {
  const placed = new Storage(64, { buffer: {} as GPUBuffer });
  const slice = new Storage(16, { parent: placed, offset: 32 });
  const temporary = new Storage(32);
  const plan = planMemory([launch(placed, temporary), launch(slice, temporary)], NOTHING);
  assertEquals(plan.buffers, [{ bytes: 32, places: [{ storage: temporary, offset: 0 }] }]);
});

Deno.test("planMemory() keeps a storage for as long as one of its slices is used", () => {
  const base = new Storage(64);
  const slice = new Storage(32, { parent: base });
  const [between, late] = [new Storage(64), new Storage(64)];
  const plan = planMemory([launch(base), launch(between), launch(slice, late)], NOTHING);
  assert(!overlap(base, between, plan));
});

Deno.test("planMemory() keeps a storage that is a slice of a kept one", () => {
  const base = new Storage(64);
  const slice = new Storage(32, { parent: base });
  const later = new Storage(64);
  const plan = planMemory([launch(base), launch(later)], new Set([slice]));
  assert(!overlap(base, later, plan));
});

Deno.test("planMemory() makes no buffer larger than the adapter allows", () => {
  const gone = new Storage(608);
  const [first, second] = made(2, 512) as [Storage, Storage];
  const launches = [launch(gone), launch(first), launch(second), launch(first, second, new Storage(16))];
  const sizes = (largest: number) =>
    planMemory(launches, NOTHING, { alignment: 256, largest }).buffers.map(({ bytes }) => bytes);
  assertEquals(sizes(1024), [1024, 16]);
  assertEquals(sizes(700), [608, 512, 16]);
});

Deno.test("planMemory() keeps apart what lives together, and what is read from what is written", () => {
  for (let seed = 0; seed < 30; seed++) {
    const numbers = randomValues(200, seed, [0, 1]);
    const storages = Array.from({ length: 25 }, (_, i) => new Storage(16 + Math.floor(numbers[i]! * 1000)));
    const launches = Array.from({ length: 40 }, (_, i) => {
      const picked = [0, 1, 2].map((k) => storages[Math.floor(numbers[30 + 3 * i + k]! * storages.length)]!);
      return launch(...picked);
    });
    const plan = planMemory(launches, NOTHING);
    const life = (storage: Storage) => {
      const times = launches.flatMap((one, time) => one.storages.includes(storage) ? [time] : []);
      return [times[0]!, times.at(-1)!] as const;
    };
    const used = [...new Set(launches.flatMap((one) => one.storages))];
    assertEquals(plan.buffers.reduce((count, { places }) => count + places.length, 0), used.length);
    for (const [i, storage] of used.entries()) {
      const { buffer, first, last } = placeOf(storage, plan);
      assert(last < plan.buffers[buffer]!.bytes && first % 256 === 0);
      for (const other of used.slice(0, i)) {
        const [[start, end], [otherStart, otherEnd]] = [life(storage), life(other)];
        const together = start <= otherEnd && otherStart <= end;
        assert(!together || !overlap(storage, other, plan), "two storages overlap in time and place");
      }
    }
    for (const { storages: bound } of launches) {
      const written = bound.at(-1)!;
      for (const read of bound.slice(0, -1)) {
        assert(read === written || placeOf(read, plan).buffer !== placeOf(written, plan).buffer);
      }
    }
    assert(plan.livenessBytes <= plan.bytes);
  }
});
