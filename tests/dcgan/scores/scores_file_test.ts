import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { isBetter } from "../../../src/dcgan/scores/score.ts";
import { bestOf, readScores, type StepScores, writeScores } from "../../../src/dcgan/scores/scores_file.ts";

function scored(step: number, swd: number): StepScores {
  return { step, samples: 100, pictures: 200, scores: { swd: { value: swd, error: NaN } } };
}

Deno.test("scores are read as they were written, without lines that are damaged", async () => {
  const path = `${await Deno.makeTempDir()}/scores.jsonl`;
  assertEquals(await readScores(path), []);
  const all = [scored(10, 3), scored(20, 2)];
  await writeScores(path, all);
  assertEquals(await readScores(path), all);
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(
    path,
    `${text}{"step":30,"samples"\n{"step":-1,"samples":1,"pictures":1,"scores":{}}\n`,
  );
  assertEquals(await readScores(path), all);
});

Deno.test("the best step is the first with the best value", () => {
  const all = [scored(10, 3), scored(20, 2), scored(30, 2), scored(40, 5)];
  assertEquals(bestOf(all, "swd")?.step, 20);
  assertEquals(bestOf(all, "frechet"), undefined);
  assertEquals(bestOf([], "swd"), undefined);
});

Deno.test("better is lower, higher or nearer to 1", () => {
  assertEquals([isBetter("frechet", 1, 2), isBetter("frechet", 2, 2)], [true, false]);
  assertEquals([isBetter("recall", 0.6, 0.5), isBetter("recall", 0.4, 0.5)], [true, false]);
  assertEquals([isBetter("deviation", 1.1, 0.8), isBetter("deviation", 1.3, 0.8)], [true, false]);
});
