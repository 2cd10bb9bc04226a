import { assert, assertEquals } from "@std/assert";
import { configurations } from "../../bench/dial/configurations.ts";
import { compareDial } from "../../bench/dial/dial.ts";
import { formatDial } from "../../bench/dial/dial_table.ts";
import { halve } from "../../bench/dial/halving.ts";
import { parseOptions } from "../../src/dcgan/options/options_file.ts";
import { gpuTest } from "../support/gpu.ts";
import { writeSpots } from "../support/spots.ts";
import { withFolder } from "../support/temp_folder.ts";

Deno.test("configurations() draws other ones each, the same for the same seed, that options allow", () => {
  const drawn = configurations(20);
  assertEquals(new Set(drawn.map((one) => JSON.stringify(one))).size, 20);
  assertEquals(configurations(20), drawn);
  assertEquals(drawn.filter(({ preset }) => preset === "pytorch").length, 5);
  for (const one of drawn) parseOptions(JSON.stringify({ ...one, data: "faces" }));
});

Deno.test("halve() gives the best of a round the next one, and what is always kept all of them", async () => {
  const asked: string[] = [];
  const scores = await halve(["a", "b", "c", "d"], ["own"], [
    { share: 0.1, keep: 4 },
    { share: 0.5, keep: 2 },
    { share: 1, keep: 1 },
  ], (one, share) => {
    asked.push(`${one} ${share}`);
    if (one === "b") return Promise.resolve(NaN);
    // c is best at first, and d at last
    return Promise.resolve({ a: 3, c: 1 + 4 * share, d: 2, own: 9 }[one]!);
  });
  const first = ["own", "a", "b", "c", "d"].map((one) => `${one} 0.1`);
  assertEquals(asked, [...first, "own 0.5", "c 0.5", "d 0.5", "own 1", "d 1"]);
  assertEquals(scores.get("own"), [9, 9, 9]);
  assertEquals(scores.get("d"), [2, 2, 2]);
  assertEquals(scores.get("b"), [NaN]);
});

gpuTest("compareDial() plans once, continues the best, and compares them with auto", async (device) => {
  await withFolder(async (out) => {
    await writeSpots(`${out}/spots`, 30);
    const small = { ngf: 4, ndf: 4, batch: 4, ema: 0.9 } as const;
    const options = {
      data: `${out}/spots`,
      configurations: [
        { preset: "modern", ...small },
        { preset: "pytorch", ...small, learningRate: 1e-3 },
      ] as const,
      minutes: 0.0005,
      seed: 1,
      rounds: [{ share: 0.5, keep: 2 }, { share: 1, keep: 1 }],
      scored: 60,
      timings: 1,
      out,
    };
    const planned = await compareDial(device, { ...options, planOnly: true }, () => {});
    assertEquals(planned.map(({ name, distances }) => [name, distances]), [["auto", []], ["1", []], [
      "2",
      [],
    ]]);
    const said: string[] = [];
    const rows = await compareDial(device, { ...options, planOnly: false }, (line) => void said.push(line));
    assertEquals(rows.map(({ options }) => options.steps), planned.map(({ options }) => options.steps));
    assertEquals(rows.map(({ distances }) => distances.length).toSorted(), [1, 2, 2]);
    assertEquals([rows[0]!.distances.length, said.length], [2, 5]);
    const table = formatDial("an adapter", options, rows);
    assert(table.includes("| `auto` |") && /ratio \d+\.\d\d$/.test(table), table);
    assert(formatDial("an adapter", options, planned).endsWith("nothing was trained"));
    // What is there is not done again
    assertEquals(await compareDial(device, { ...options, planOnly: false }, () => {}), rows);
  });
});
