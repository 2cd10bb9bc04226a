import { assert, assertEquals } from "@std/assert";
import { STUDIO_PAGE } from "../../src/dcgan/serve/studio_page.ts";
import { withFolder } from "../support/temp_folder.ts";
import { unpackPacked } from "./npm_package.ts";

/** The studio page, as it is built here; the gate builds it. */
const page = await Deno.readTextFile(STUDIO_PAGE).catch(() => undefined);
const skipped = page === undefined ? " (skipped: the studio page is not built)" : "";

Deno.test(
  `the package for npm has the studio page${skipped}`,
  { ignore: page === undefined },
  () =>
    withFolder(async (folder) => {
      await unpackPacked(folder);
      assertEquals(await Deno.readTextFile(`${folder}/package/studio/dist/index.html`), page);
    }),
);

Deno.test(
  `what is published on JSR has the studio page${skipped}`,
  { ignore: page === undefined },
  async () => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
      cwd: new URL("../..", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert(/\/studio\/dist\/index\.html \(/.test(said), said);
  },
);
