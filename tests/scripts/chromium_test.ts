import { assertEquals } from "@std/assert";
import { findChromium } from "../../scripts/chromium.ts";
import { withFolder } from "../support/temp_folder.ts";

Deno.test("findChromium() takes the first place that has a browser, and none where there is none", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/chromium`);
    await Deno.writeTextFile(`${folder}/chrome`, "");
    assertEquals(
      findChromium([`${folder}/none`, `${folder}/chromium`, `${folder}/chrome`]),
      `${folder}/chrome`,
    );
    assertEquals(findChromium([`${folder}/none`, `${folder}/chromium`]), undefined);
  });
});
