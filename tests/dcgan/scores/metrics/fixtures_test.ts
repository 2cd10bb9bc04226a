/** Metrics held to figures of numpy, from a folder of golden cases beside the clone. */
import "../../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { GoldenCase } from "../../../golden/golden_case.ts";
import { judge } from "../../../golden/judge.ts";
import { folderOnDisk, readCase, readManifest } from "../../../golden/manifest.ts";
import { METRICS } from "../../../golden/ops/metrics.ts";

const FOLDER = `${import.meta.dirname}/../../../../../shared/fixtures-2`;
const runs = new Map(Object.entries(METRICS));

async function isThere(folder: string): Promise<boolean> {
  return await Deno.stat(`${folder}/manifest.json`).then(() => true, () => false);
}

const present = await isThere(FOLDER);
if (!present) console.log("The cases of ../shared/fixtures-2 are not beside the clone: metrics skip them.");

Deno.test({
  name: "metrics agree with all golden cases beside the clone",
  ignore: !present,
  async fn() {
    const folder = folderOnDisk(FOLDER);
    const { cases } = await readManifest(folder);
    const ours = cases.filter(({ op }) => runs.has(op));
    assertEquals(new Set(ours.map(({ op }) => op)), new Set(runs.keys()));
    for (const description of ours) {
      const tensors = await readCase(folder, description);
      const results = await runs.get(description.op)!(undefined, new GoldenCase(description, tensors));
      const { problems } = judge(results, tensors, description.tolerance);
      assertEquals([description.id, problems], [description.id, []]);
    }
    assert(ours.length >= 9);
  },
});
