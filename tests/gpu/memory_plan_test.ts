import { assert, assertEquals } from "@std/assert";
import { defineKernel } from "../../src/gpu/kernel.ts";
import type { Launch } from "../../src/gpu/launch.ts";
import { planMemory } from "../../src/gpu/memory_plan.ts";
import { Storage } from "../../src/gpu/storage.ts";
import { randomValues } from "../support/random.ts";

const KERNEL = defineKernel({ label: "any", bindings: {}, body: "" });
const NOTHING: ReadonlySet<Storage> = new Set();

function launch(...storages: Storage[]): Launch {
  return { kernel: KERNEL, storages, uniforms: [], workgroups: [1, 1, 1] };
}

Deno.test("planMemory() lets a chain take turns in two buffers", () => {
  const links = Array.from({ length: 10 }, () => new Storage(1000));
  const launches = links.slice(1).map((link, i) => launch(links[i]!, link));
  const plan = planMemory(launches, NOTHING);
  assertEquals(plan.buffers.length, 2);
  assertEquals([plan.bytes, plan.livenessBytes], [2 * 1008, 2 * 1008]);
});

Deno.test("planMemory() never gives a kept storage's buffer to another", () => {
  const [a, b, c, d] = Array.from({ length: 4 }, () => new Storage(64)) as [
    Storage,
    Storage,
    Storage,
    Storage,
  ];
  const plan = planMemory([launch(a, b), launch(b, c), launch(c, d)], new Set([a, d]));
  for (const kept of [a, d]) {
    assertEquals(plan.buffers.find(({ storages }) => storages.includes(kept))?.storages, [kept]);
  }
  assertEquals(plan.buffers.length, 4);
});

Deno.test("planMemory() leaves storages that have a place alone", () => {
  const placed = new Storage(64, { buffer: {} as GPUBuffer });
  const slice = new Storage(16, { parent: placed, offset: 32 });
  const temporary = new Storage(32);
  const plan = planMemory([launch(placed, temporary), launch(slice, temporary)], NOTHING);
  assertEquals(plan.buffers.map(({ storages }) => storages), [[temporary]]);
  assertEquals(plan.bytes, 32);
});

Deno.test("planMemory() keeps a storage for as long as one of its slices is used", () => {
  const base = new Storage(64);
  const slice = new Storage(32, { parent: base });
  const [between, late] = [new Storage(64), new Storage(64)];
  const plan = planMemory([launch(base), launch(between), launch(slice, late)], NOTHING);
  assertEquals(plan.buffers.find(({ storages }) => storages.includes(base))?.storages, [base]);
});

Deno.test("planMemory() keeps a storage that is a slice of a kept one", () => {
  const base = new Storage(64);
  const slice = new Storage(32, { parent: base });
  const later = new Storage(64);
  assertEquals(planMemory([launch(base), launch(later)], new Set([slice])).buffers.length, 2);
});

Deno.test("planMemory() never lets two live storages share a buffer", () => {
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
    for (const { bytes, storages } of plan.buffers) {
      for (const [i, storage] of storages.entries()) {
        assert(storage.bytes <= bytes);
        for (const other of storages.slice(0, i)) {
          const [[first, last], [otherFirst, otherLast]] = [life(storage), life(other)];
          assert(last < otherFirst || otherLast < first, "two storages overlap in time");
        }
      }
    }
    assert(plan.livenessBytes <= plan.bytes);
    const used = new Set(launches.flatMap((one) => one.storages));
    assertEquals(plan.buffers.reduce((count, { storages }) => count + storages.length, 0), used.size);
  }
});
