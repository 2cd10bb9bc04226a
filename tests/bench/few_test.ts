import { assert, assertEquals, assertRejects } from "@std/assert";
import { compareFew, formatFew } from "../../bench/few/few.ts";
import { gpuTest } from "../support/gpu.ts";
import { writeSpots } from "../support/spots.ts";
import { namesIn, withFolder } from "../support/temp_folder.ts";

gpuTest(
  "compareFew() trains on pictures of one class, and scores against these and others",
  async (device) => {
    await withFolder(async (out) => {
      await writeSpots(`${out}/data/dark`, 50);
      await writeSpots(`${out}/data/light`, 12);
      const options = {
        data: `${out}/data`,
        size: 14,
        class: "dark",
        pictures: 24,
        recipes: { tiny: { preset: "few", ngf: 4, ndf: 4, batch: 4 } },
        steps: 4,
        every: 2,
        scored: 24,
        out: `${out}/few`,
      } as const;
      const said: string[] = [];
      const rows = await compareFew(device, options, (line) => void said.push(line));
      assertEquals((await namesIn(`${out}/few/pictures`)).length, 24);
      assertEquals(rows.map(({ name, scores }) => [name, scores.map(({ step }) => step)]), [["tiny", [
        2,
        4,
      ]]]);
      for (const { recallSeen, recallUnseen, precisionUnseen, nearest, patchGap } of rows[0]!.scores) {
        for (const share of [recallSeen, recallUnseen, precisionUnseen]) {
          assert(share >= 0 && share <= 1, `${share}`);
        }
        assert(nearest > 0 && Number.isFinite(patchGap));
      }
      assert(
        rows[0]!.told.some(({ kind }) => kind === "too-few-pictures"),
        JSON.stringify(rows[0]!.told),
      );
      const table = formatFew("an adapter", options, rows);
      assert(table.includes("| tiny | 4 |") && /too-few-pictures \(step \d+\)/.test(table), table);
      // What is there is not done again
      assertEquals(await compareFew(device, options, () => {}), rows);

      const absent = compareFew(device, { ...options, class: "green" }, () => {});
      await assertRejects(() => absent, RangeError, "has no such class");
      const all = compareFew(device, { ...options, pictures: 50, out: `${out}/all` }, () => {});
      await assertRejects(() => all, RangeError, "must have more than 50, found 50");
    });
  },
);
