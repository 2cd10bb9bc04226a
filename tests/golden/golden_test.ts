import { assertEquals } from "@std/assert";
import { f16Test, gpuTest } from "../support/gpu.ts";
import { onCard } from "../support/other_adapters.ts";
import { runsInF16 } from "./half_tolerances.ts";
import { type CaseFolder, folderOnDisk, readManifest } from "./manifest.ts";
import { runCase } from "./run.ts";

/** All cases lie beside the repository where it is developed; a clone has a selection of them. */
const ALL_CASES = `${import.meta.dirname}/../../../shared/fixtures`;
const SELECTION = folderOnDisk(`${import.meta.dirname}/cases`);

async function testCases(folder: CaseFolder, label: string): Promise<void> {
  const { cases } = await readManifest(folder);
  for (const description of cases) {
    gpuTest(`${description.op} agrees with PyTorch on ${description.id} (${label})`, async (device) => {
      const { problems } = await runCase(device, folder, description);
      assertEquals(problems, []);
    });
  }
}

await testCases(SELECTION, "selection");
for (const description of (await readManifest(SELECTION)).cases.filter(runsInF16)) {
  f16Test(`${description.op} in f16 agrees with PyTorch on ${description.id}`, async (device) => {
    const { problems } = await runCase(device, SELECTION, description, "f16");
    assertEquals(problems, []);
  });
}

for (const description of (await readManifest(SELECTION)).cases.filter(({ op }) => op === "batch_norm")) {
  gpuTest(`${description.op} of graphics cards agrees with PyTorch on ${description.id}`, async (device) => {
    await onCard(device, async (card) => {
      const { problems } = await runCase(card, SELECTION, description);
      assertEquals(problems, []);
    });
  });
}

const found = await Deno.stat(`${ALL_CASES}/manifest.json`).then(() => true, () => false);
if (found) await testCases(folderOnDisk(ALL_CASES), "all");
else {
  Deno.test({
    name: `all golden cases (skipped: there is no folder ${ALL_CASES})`,
    ignore: true,
    fn: () => {},
  });
}
