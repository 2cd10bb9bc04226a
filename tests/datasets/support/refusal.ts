/** Datasets that must not open. */
import { assert, assertRejects } from "@std/assert";
import { DatasetError, openDataset, type OpenDatasetOptions } from "../../../plugins/datasets/mod.ts";
import { type Files, withFiles } from "./folders.ts";

/** Opens a dataset on some files, where that must fail. */
export async function refusal(
  name: string,
  files: Files,
  options: Partial<OpenDatasetOptions> = {},
): Promise<string> {
  return await withFiles(files, async (folder) => {
    const { data = "", ...rest } = options;
    const error = await assertRejects(
      () => openDataset(name, { size: 8, data: folder + data, ...rest }),
      DatasetError,
    );
    return error.message.replaceAll(folder, "FOLDER");
  });
}

/** Holds messages to patterns, one after the other. */
export async function refuse(
  t: Deno.TestContext,
  name: string,
  cases: readonly [Files, Partial<OpenDatasetOptions>, RegExp][],
): Promise<void> {
  for (const [files, options, message] of cases) {
    await t.step(String(message), async () => {
      const found = await refusal(name, files, options);
      assert(message.test(found), found);
    });
  }
}
