import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { judgeSamples } from "../../../src/dcgan/scores/judge/verdict.ts";
import { firstOf } from "../../../src/dcgan/scores/pictures.ts";
import { prepareReference } from "../../../src/dcgan/scores/reference.ts";
import { SCORE_NAMES } from "../../../src/dcgan/scores/score.ts";
import { scoreSamples } from "../../../src/dcgan/scores/score_samples.ts";
import { noise, quarters, squares } from "./picture_sets.ts";

const reference = prepareReference(squares(400, 1), quarters);

Deno.test("samples like the data score well in everything, with errors that cover the perfect value", async () => {
  const scores = await scoreSamples(await reference, squares(400, 2));
  assertEquals(Object.keys(scores).sort(), [...SCORE_NAMES].sort());
  for (const name of ["patchGap", "rawPatchGap"] as const) {
    assert(Math.abs(scores[name]!.value) < 10, `${name} ${scores[name]!.value}`);
  }
  for (const name of ["deviation", "nearest"] as const) {
    const { value, error } = scores[name]!;
    assert(Math.abs(value - 1) < 5 * error + 0.05, `${name} ${value} ± ${error}`);
  }
  assert(Math.abs(scores.kid!.value) < 5 * scores.kid!.error);
  assert(scores.precision!.value > 0.9 && scores.recall!.value > 0.9 && scores.coverage!.value > 0.85);
  assertEquals(scores.modes!.value, 2);
  assert(scores.reverseKl!.value < 0.02);
  assertEquals(judgeSamples(scores).grade, "good");
});

Deno.test("noise is far from the data, and is said to be", async () => {
  const [good, bad] = await Promise.all(
    [squares(400, 2), noise(400, 3)].map(async (set) => await scoreSamples(await reference, set)),
  );
  for (const name of ["frechet", "kid", "swd"] as const) {
    assert(bad![name]!.value > 10 * Math.abs(good![name]!.value), `${name} ${bad![name]!.value}`);
  }
  assertEquals(judgeSamples(bad!).grade, "noise");
  assert(bad!.precision!.value < 0.2 && bad!.recall!.value < 0.2);
});

Deno.test("samples that are alike, or copies, are told by deviation and nearest", async () => {
  const one = firstOf(squares(1, 5), 1).bytes;
  const alike = {
    ...squares(200, 6),
    bytes: Uint8Array.from({ length: 200 * 256 }, (_, at) => one[at % 256]!),
  };
  const collapsed = await scoreSamples(await reference, alike);
  assertEquals(collapsed.deviation!.value, 0);
  assertEquals(judgeSamples(collapsed).grade, "alike");
  const copies = await scoreSamples(await reference, firstOf(squares(400, 1), 200));
  assertEquals(copies.nearest!.value, 0);
  assertEquals(judgeSamples(copies).grade, "copies");
});

Deno.test("without features only pixels are compared", async () => {
  const plain = await prepareReference(squares(60, 1));
  assertEquals(Object.keys(await scoreSamples(plain, squares(60, 2))).sort(), [
    "deviation",
    "nearest",
    "patchGap",
    "rawPatchGap",
    "swd",
  ]);
});

Deno.test("too few samples are refused in one sentence", async () => {
  await assertRejects(
    async () => await scoreSamples(await reference, squares(19, 2)),
    RangeError,
    "Cannot score samples: samples must be 20 or more, found 19",
  );
  const few = await prepareReference(squares(6, 1));
  await assertRejects(
    () => scoreSamples(few, squares(40, 2)),
    RangeError,
    "images of the data must be 20 or more",
  );
});
