import { assertEquals } from "@std/assert";
import { gpuTest } from "../support/gpu.ts";
import { readManifest } from "./manifest.ts";
import { runCase } from "./run.ts";

/** All cases lie beside the repository where it is developed; a clone has a selection of them. */
const ALL_CASES = `${import.meta.dirname}/../../../shared/fixtures`;
const SELECTION = `${import.meta.dirname}/cases`;

async function testCases(folder: string, label: string): Promise<void> {
  const { cases } = await readManifest(folder);
  for (const description of cases) {
    gpuTest(`${description.op} agrees with PyTorch on ${description.id} (${label})`, async (device) => {
      const { problems } = await runCase(device, folder, description);
      assertEquals(problems, []);
    });
  }
}

await testCases(SELECTION, "selection");

const found = await Deno.stat(`${ALL_CASES}/manifest.json`).then(() => true, () => false);
if (found) await testCases(ALL_CASES, "all");
else {
  Deno.test({
    name: `all golden cases (skipped: there is no folder ${ALL_CASES})`,
    ignore: true,
    fn: () => {},
  });
}
