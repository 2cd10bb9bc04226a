import { assertEquals } from "@std/assert";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";
import type { Launch } from "../../../src/gpu/kernel/launch.ts";
import { Storage } from "../../../src/gpu/memory/storage.ts";
import { add, type Device, matmul, type Tensor } from "../../../src/gpu/mod.ts";
import { sumTogether } from "../../../src/gpu/program/sum_together.ts";
import { gpuTest } from "../../support/gpu.ts";
import { onCard } from "../../support/other_adapters.ts";
import { randomValues } from "../../support/random.ts";

/** Cuts the sums of products into parts: a round of eight, and a rest. */
const SPLIT = "tiled rows 16 columns 16 depth 8 rowQuads 1 columnQuads 1 splits 11";

/** Products whose sizes are no multiples of a workgroup. */
const SIZES = [[5, 90, 7], [16, 176, 16], [1, 88, 1], [33, 88, 3]] as const;

/** Factors of all products. */
function factors(device: Device): (readonly [Tensor, Tensor])[] {
  return SIZES.map(([rows, depth, columns], i) =>
    [[rows, depth], [depth, columns]].map((shape, k) =>
      device.tensor(randomValues(shape[0]! * shape[1]!, 2 * i + k, [-1, 1]), { shape })
    ) as [Tensor, Tensor]
  );
}

gpuTest(
  "sumTogether() has one launch add up the parts of several sums, to the bit as alone",
  async (device) => {
    await onCard(device, async (card) => {
      using _variants = new VariantScope(card, { get: () => SPLIT });
      const pairs = factors(card);
      const alone = await card.read(pairs.map(([a, b]) => matmul(a, b)));
      using program = card.program({}, () => pairs.map(([a, b]) => matmul(a, b)));
      program.run();
      assertEquals(await card.read(program.outputs), alone);
      const labels = program.launches.map(({ launch }) => launch.kernel.label);
      assertEquals(labels.filter((label) => label === "add parts").length, 1);
      assertEquals(labels.at(-1), "add parts");
    });
  },
);

gpuTest("sumTogether() adds up in time what a launch reads", async (device) => {
  await onCard(device, async (card) => {
    using _variants = new VariantScope(card, { get: () => SPLIT });
    const pairs = factors(card);
    const build = () => {
      const [first, second, third] = pairs.map(([a, b]) => matmul(a, b));
      const sum = add(second!, second!);
      return [first!, second!, third!, sum, matmul(pairs[3]![0], pairs[3]![1])];
    };
    const alone = await card.read(build());
    using program = card.program({}, build);
    program.run();
    assertEquals(await card.read(program.outputs), alone);
    const labels = program.launches.map(({ launch }) => launch.kernel.label);
    assertEquals(labels.filter((label) => label === "add parts").length, 2);
  });
});

/** A launch of a kernel of these accesses. */
function launch(
  accesses: Record<string, "read" | "write">,
  storages: Storage[],
  sums?: Launch["sums"],
): Launch {
  const bindings = Object.fromEntries(
    Object.entries(accesses).map(([name, access]) => [name, [access, "array<f32>"] as const]),
  );
  const kernel = defineKernel({ label: sums ? "sum" : "other", bindings, body: "" });
  return { kernel, storages, uniforms: [], workgroups: [1, 1, 1], ...(sums ? { sums } : {}) };
}

const summing = (bytes: number, result = new Storage(64), parts = new Storage(bytes)) =>
  launch({ parts: "read", result: "write" }, [parts, result], { parts: 4, size: 16 });
const reading = (...storages: Storage[]) =>
  launch(Object.fromEntries(storages.map((_, i) => [`x${i}`, "read"])), storages);
const writing = (storage: Storage) => launch({ x: "write" }, [storage]);

/** The sums that each launch has, 0 for others. */
const sumsOf = (launches: readonly Launch[], buffers = 8) =>
  sumTogether(launches, buffers).map(({ kernel }) =>
    kernel.label === "other" ? 0 : kernel.bindings.length / 2
  );

Deno.test("sumTogether() puts sums off until a launch needs one", () => {
  const [a, b, c] = [summing(256), summing(256), summing(256)];
  const unrelated = reading(new Storage(64));
  assertEquals(sumsOf([a, unrelated, b, unrelated, c]), [0, 0, 3]);
  assertEquals(sumsOf([a, b, reading(a.storages[1]!), c, unrelated]), [2, 0, 0, 1]);
  assertEquals(sumsOf([a, b, writing(b.storages[1]!), c]), [2, 0, 1]);
  assertEquals(sumsOf([a, b, writing(a.storages[0]!), c]), [2, 0, 1]);
  assertEquals(sumsOf([a, b, reading(a.storages[0]!), c]), [0, 3]);
  assertEquals(sumsOf([a, summing(256, a.storages[1]!), b]), [1, 2]);
});

Deno.test("sumTogether() knows slices that lie side by side from those that overlap", () => {
  const row = new Storage(1024);
  const slice = (offset: number) => new Storage(64, { parent: row, offset });
  const own = summing(256, slice(256));
  assertEquals(sumsOf([own, writing(slice(320)), summing(256, slice(0))]), [0, 2]);
  assertEquals(sumsOf([own, writing(slice(304)), summing(256, slice(0))]), [1, 0, 1]);
  assertEquals(sumsOf([own, reading(row), summing(256, slice(0))]), [1, 0, 1]);
});

Deno.test("sumTogether() binds no more than it may, and keeps no more than 64 MiB of parts", () => {
  const all = Array.from({ length: 5 }, () => summing(256));
  assertEquals(sumsOf(all), [4, 1]);
  assertEquals(sumsOf(all, 31), [5]);
  const large = Array.from({ length: 5 }, () => summing(2 ** 25));
  assertEquals(sumsOf(large), [2, 2, 1]);
  assertEquals(sumsOf([summing(2 ** 27), summing(256)]), [1, 1]);
});
