import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { chooseRecipe, timesSteps } from "../../../src/dcgan/recipes/choose_recipe.ts";
import type { AdapterFacts } from "../../../src/dcgan/recipes/recipe_facts.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

const photos = { length: 400, channels: 3 } as const;

/**
 * An adapter on which a step with 16 and 32 maps and batch 16 takes this long; `asked` gets what was measured, and networks of
 * more than `most` maps do not fit.
 */
function adapter(seconds: number, asked: TrainOptions[] = [], most = 64): AdapterFacts {
  return {
    fits: ({ ngf = 64 }) => ngf <= most,
    measure(options) {
      asked.push(options);
      const { size = 64, ngf = 64, ndf = 64, batch = 64 } = options;
      const area = size === 64 ? 1 : 1 / 6;
      const work = (maps: number, width: number) => 12 * maps ** 2 + 11 * width ** 2;
      return Promise.resolve(seconds * area * batch * work(ngf, ndf) / (16 * work(16, 32)));
    },
  };
}

Deno.test("auto takes what the adapter does in the time", async () => {
  const chosen = async (seconds: number, given: TrainOptions = {}) => {
    const { options } = await chooseRecipe({ preset: "auto", ...given }, photos, adapter(seconds));
    return [options.ngf, options.ndf, options.batch, options.steps];
  };
  // 540 s of 10 minutes are for steps
  assertEquals(await chosen(1), [8, 16, 16, 2160]);
  assertEquals(await chosen(0.5), [16, 32, 16, 1080]);
  assertEquals(await chosen(0.1), [16, 32, 32, 2700]);
  // 400 passes over 400 images
  assertEquals(await chosen(0.001), [32, 64, 64, 4000]);
  assertEquals(await chosen(0.25, { minutes: 20 }), [16, 32, 32, 2160]);
  // A set that is too large to be copied
  const large = await chooseRecipe({ preset: "auto" }, { length: 60_000, channels: 1 }, adapter(0.0001));
  assertEquals(large.options.steps, 20_000);
  assert(large.reasons[2]!.includes("more seldom help"), large.reasons[2]);
  // However slow the adapter is
  assertEquals(await chosen(100, { size: 64 }), [8, 16, 16, 21]);
  assertEquals(await chosen(1e6), [8, 16, 16, 1]);
});

Deno.test("auto takes batches that fall into parts and packs, and counts the images of all updates", async () => {
  const chosen = async (given: TrainOptions) => {
    const facts = { length: 4000, channels: 3 } as const;
    const { options } = await chooseRecipe({ preset: "auto", size: 64, ...given }, facts, adapter(0.001));
    return [options.batch, options.steps];
  };
  assertEquals(await chosen({}), [64, 20_000]);
  assertEquals(await chosen({ accumulate: 2, pack: 3 }), [66, 20_000]);
  // 400 passes over 4000 images, 256 a step
  assertEquals(await chosen({ dSteps: 4 }), [64, 6250]);
});

Deno.test("auto takes no wider layers than --max-maps allows", async () => {
  const chosen = async (given: TrainOptions) => {
    const { options } = await chooseRecipe({ preset: "auto", ...given }, photos, adapter(0.001));
    return [options.ngf, options.ndf, options.batch];
  };
  assertEquals(await chosen({ maxMaps: 48 }), [32, 48, 64]);
  assertEquals(await chosen({ maxMaps: 8 }), [8, 8, 64]);
  assertEquals(await chosen({ maxMaps: 100, ndf: 100 }), [32, 100, 64]);
});

Deno.test("auto takes nothing that does not fit the adapter", async () => {
  for (const [most, ngf, batch] of [[16, 16, 32], [8, 8, 16]] as const) {
    const asked: TrainOptions[] = [];
    const { options } = await chooseRecipe({ preset: "auto" }, photos, adapter(0.001, asked, most));
    assertEquals([options.ngf, options.batch], [ngf, batch]);
    assert(asked.every((one) => one.ngf! <= most));
  }
});

Deno.test("auto says what it chose and why, in four lines, and averages a fifth of the run", async () => {
  const { options, reasons } = await chooseRecipe({ preset: "auto", size: 32 }, photos, adapter(3.6));
  assertEquals(reasons.length, 4);
  assert(reasons[0]!.startsWith("400 images of 32x32x3: loss rpgan with gradient penalties"), reasons[0]);
  assertEquals(reasons[1], "ngf 16, ndf 32, batch 16: a step at 32x32 takes 0.6 s here");
  assertEquals(reasons[2], "900 steps, as so many fit in 10 minutes");
  assertEquals(options.ema, 0.9944);
  assertEquals([options.preset, options.minutes, options.loss], [undefined, undefined, "rpgan"]);
  const few = await chooseRecipe({ preset: "auto", size: 64 }, photos, adapter(10));
  assert(
    few.reasons[2]!.endsWith("They are few: more --minutes or a smaller --size draw better images"),
    few.reasons[2],
  );
  const long = await chooseRecipe(
    { preset: "auto", steps: 10 ** 6, ngf: 8, ndf: 8, batch: 4 },
    photos,
    adapter(1),
  );
  assertEquals(long.options.ema, 0.9995);
});

Deno.test("auto measures nothing if sizes and steps are given, and keeps them", async () => {
  const asked: TrainOptions[] = [];
  const given = { preset: "auto", ngf: 8, ndf: 12, batch: 4, steps: 30, ema: 0, loss: "hinge" } as const;
  const { options } = await chooseRecipe(given, photos, adapter(1, asked));
  assertEquals(asked, []);
  const { ngf, ndf, batch, steps, ema, loss, dNorm } = options;
  assertEquals([ngf, ndf, batch, steps, ema, loss, dNorm], [8, 12, 4, 30, 0, "hinge", "none"]);
  const epochs = await chooseRecipe(
    { preset: "auto", ngf: 8, ndf: 8, batch: 4, epochs: 20 },
    photos,
    adapter(1, asked),
  );
  assertEquals([asked.length, epochs.options.steps, epochs.options.ema], [0, undefined, 0.9975]);
  // The sizes go by the steps that are wanted
  const sizesOf = async (wanted: TrainOptions) => {
    const given = { preset: "auto", size: 64, ...wanted } as const;
    const { ngf, batch } = (await chooseRecipe(given, photos, adapter(0.1))).options;
    return [ngf, batch];
  };
  assertEquals(await sizesOf({ steps: 100 }), [32, 64]);
  assertEquals(await sizesOf({ steps: 20_000 }), [8, 16]);
  assertEquals(await sizesOf({ epochs: 200 }), [16, 32]);
  assertEquals(await sizesOf({ epochs: 1000 }), [8, 16]);
});

Deno.test("minutes become steps with any preset, and other presets leave all else alone", async () => {
  const fixed = await chooseRecipe(
    { preset: "modern", minutes: 1, ngf: 16, ndf: 32, batch: 16 },
    photos,
    adapter(0.1),
  );
  assertEquals([fixed.options.steps, fixed.options.loss, fixed.reasons.length], [540, "rpgan", 1]);
  const given = { preset: "pytorch", steps: 5 } as const;
  assertEquals(await chooseRecipe(given, photos, adapter(1)), { options: given, reasons: [] });
  const resumed = { resume: "run" };
  assertEquals(await chooseRecipe(resumed, photos, adapter(1)), { options: resumed, reasons: [] });
});

Deno.test("timesSteps() knows whether a recipe measures", async () => {
  const sizes = { ngf: 8, ndf: 8, batch: 4 };
  const all: TrainOptions[] = [
    {},
    { preset: "auto" },
    { preset: "auto", ...sizes },
    { preset: "auto", ...sizes, steps: 5 },
    { preset: "auto", ...sizes, epochs: 5 },
    { preset: "auto", ngf: 8, batch: 4, steps: 5 },
    { preset: "auto", ...sizes, minutes: 5 },
    { preset: "modern", steps: 5 },
    { preset: "pytorch", minutes: 5 },
    { minutes: 5 },
    { preset: "auto", resume: "run" },
  ];
  for (const given of all) {
    const asked: TrainOptions[] = [];
    await chooseRecipe(given, photos, adapter(0.1, asked));
    assertEquals(timesSteps(given), asked.length > 0, JSON.stringify(given));
  }
});

Deno.test("auto takes images no larger than the pictures, and smaller ones on a slow adapter", async () => {
  const sizeOf = async (nativeSize: number | undefined, seconds = 0.1, given: TrainOptions = {}) => {
    const facts = { ...photos, nativeSize };
    const { options, reasons } = await chooseRecipe({ preset: "auto", ...given }, facts, adapter(seconds));
    return { size: options.size, ngf: options.ngf, reasons };
  };
  const edges = [[undefined, 64], [4000, 64], [64, 64], [63, 56], [32, 32], [31, 28], [28, 28], [9, 14]];
  for (const [nativeSize, size] of edges) {
    assertEquals((await sizeOf(nativeSize)).size, size, `${nativeSize}`);
  }
  assertEquals((await sizeOf(32, 0.1, { size: 128 })).size, 128);
  const native = await sizeOf(178);
  assert(native.reasons[0]!.startsWith("400 pictures of 178 pixels, as images of 64x64x3: loss rpgan"));
  // 800 steps of the least networks take 520 s, then 640 s
  assertEquals((await sizeOf(undefined, 2.6)).size, 64);
  const slow = await sizeOf(undefined, 3.2);
  assertEquals([slow.size, slow.ngf], [32, 16]);
  const smaller = "; at 64x64 too few steps fit in the time (give more --minutes, or --size 64)";
  assertEquals(slow.reasons[1], `ngf 16, ndf 32, batch 16: a step at 32x32 takes 0.53 s here${smaller}`);
  assert(slow.reasons[0]!.startsWith("400 images of 32x32x3"), slow.reasons[0]);
  assertEquals((await sizeOf(undefined, 3.2, { size: 64 })).size, 64);
});

Deno.test("auto times what it chooses, and goes on to less if that takes longer than its work", async () => {
  const asked: TrainOptions[] = [];
  const { measure } = adapter(0.7, asked);
  // Whatever the networks, a step takes 0.69 s at 64x64
  const slow: AdapterFacts = {
    fits: () => true,
    measure: async (options) => Math.max(await measure(options), options.size === 64 ? 0.69 : 0),
  };
  const { options, reasons } = await chooseRecipe({ preset: "auto" }, photos, slow);
  assertEquals([options.size, options.ngf, options.batch], [32, 16, 32]);
  assert(reasons[1]!.startsWith("ngf 16, ndf 32, batch 32: a step at 32x32 takes 0.23 s here; at 64x64"));
  const sizes = asked.map(({ size, ngf, batch }) => [size, ngf, batch]);
  assertEquals(sizes.slice(0, 2), [[64, 16, 16], [64, 8, 16]]);
  assertEquals(new Set(sizes.map(String)).size, sizes.length);
});
