import { assert, assertEquals, assertRejects } from "@std/assert";
import { arithmeticExperiment } from "../../../../src/dcgan/experiments/arithmetic/arithmetic_experiment.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { writeSpots } from "../../../support/spots.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

const DATA = { data: "faces", dataOptions: { length: 400 } } as const;

gpuTest("arithmeticExperiment() counts what sums have, and draws the first", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...DATA, steps: 30, out });
    const groups = { a: ["smile=high"], b: ["smile=low"], c: ["turn=high"] } as const;
    const said: string[] = [];
    const options = { ...groups, trials: 20, exemplars: 2, report: (line: string) => void said.push(line) };
    const result = await arithmeticExperiment(device, out, options);
    const { added, kept, exemplars, trials, agreed, picture, mark } = result;
    assertEquals([added, kept, exemplars, trials], ["smile=high", "turn=high", 2, 20]);
    assertEquals(result.groups, ["smile=high", "smile=low", "turn=high"]);
    assert(agreed.every((share) => share >= 0 && share <= 1), `${agreed}`);
    for (
      const { added, kept, both, nearest } of [
        result.before,
        result.latents,
        result.single,
        result.pixels,
        result.singlePixels,
      ]
    ) {
      assert(both <= Math.min(added, kept!) && Math.max(added, kept!) <= 1 && nearest > 0);
    }
    assert(result.accuracy > 0.3 && result.accuracy <= 1, `${result.accuracy}`);
    // 9 columns, and 4 rows with captions: exemplars, their mean, and pixels
    assertEquals([picture.width, picture.height], [9 * 70 + 6, 14 + 4 * (70 + 14) + 6]);
    assertEquals(mark.made?.command, "experiment arithmetic");
    assertEquals(said.length, 2);

    const refuses = (given: object, message: string) =>
      assertRejects(() => arithmeticExperiment(device, out, { ...groups, ...given }), RangeError, message);
    await refuses({ c: ["1:4"] }, '"c" must say what its samples have in common');
    await refuses({ c: ["beard=long"] }, 'found "beard"');
    await refuses({ c: ["glasses=oval"] }, 'found "oval"');
    await refuses({ trials: 3 }, '"trials" must be');
    await refuses({ b: ["smile=high"] }, "found the same");
  });
});

gpuTest("arithmeticExperiment() says what it needs of other datasets", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await writeSpots(`${folder}/spots`, 24);
    await trainTiny(device, { data: `${folder}/spots`, steps: 1, out });
    await assertRejects(
      () => arithmeticExperiment(device, out),
      RangeError,
      "as the dataset is not faces; its labels are none. Without labels, arithmetic() adds samples that you choose",
    );
  });
});
