import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { isOwnImage, ownShards } from "../../../src/dcgan/ranks/own_shards.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";

Deno.test("ownShards() gives each rank equal shards, and all of them to a run of its own", () => {
  assertEquals(ownShards({}), undefined);
  assertEquals(ownShards({ shards: 6 }), { count: 6, first: 0, end: 6, norms: "batch", gradients: "f32" });
  assertEquals(ownShards({ shards: 6, bn: "local", exchange: "f16" }, { rank: 2, size: 3 }), {
    ...{ count: 6, first: 4, end: 6 },
    norms: "shard",
    gradients: "f16",
  });
});

Deno.test("ownShards() refuses ranks that would hold no branch of the tree of sums, and names those that do", () => {
  const problem = (shards: number, size: number) =>
    assertThrows(() => ownShards({ shards }, { rank: 0, size }), ConfigError).message;
  assertEquals(problem(12, 2).includes("found 12 for 2 ranks: start 3 or 6 or 12 of them"), true);
  assertEquals(problem(1, 2).includes("must be more than 1 for 2 ranks, found 1: try 2"), true);
  assertEquals(problem(1, 3).includes("must be more than 1 for 3 ranks, found 1: try 4"), true);
});

Deno.test("isOwnImage() knows the images of shards in each batch of a step", () => {
  const isOwn = isOwnImage({ count: 4, first: 1, end: 3, norms: "batch" }, 8);
  const places = Array.from({ length: 16 }, (_, place) => place).filter(isOwn);
  assertEquals(places, [2, 3, 4, 5, 10, 11, 12, 13]);
  assertEquals([0, 99].map(isOwnImage(undefined, 8)), [true, true]);
});

Deno.test("resolveConfig() refuses shards that do not divide the batch, with accumulate or spectral norm", () => {
  const problem = (options: object) => assertThrows(() => resolveConfig(options), ConfigError).message;
  for (
    const [options, words] of [
      [{ batch: 12, shards: 8 }, `"shards" must divide the batch, 12, found 8`],
      [{ batch: 16, shards: 8, accumulate: 2 }, `"accumulate" must be 1 with`],
      [{ batch: 16, shards: 8, dNorm: "spectral" }, '"dNorm" must be "batch" or "none" with'],
      [{ batch: 16, shards: 8, pack: 4 }, `"pack" must divide each of the 8 parts of the batch, 2, found 4`],
    ] as const
  ) {
    assertEquals(
      [words, problem(options)].filter((text) => text.includes(words)).length,
      2,
      problem(options),
    );
  }
});
