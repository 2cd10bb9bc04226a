import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { relative } from "node:path";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { withFiles } from "../support/folders.ts";

/** A plugin that does something wrong in its fourth line. */
const plugin = (open: string, read = "into.fill(1);", label = "0"): string =>
  `export default { apiVersion: 1, name: "mine",
  open({ size }) {
    ${open};
    return { length: 9, shape: [size, size, 1], labels: { a: { at: () => ${label} } },
      read(indices, into) {
        ${read}
      } };
  } };`;

/** Plugins, and what is said of each; HERE stands for its path. */
const cases: Record<string, [text: string, message: string]> = {
  "syntax.ts": [
    "const a = 1;\nconst b = ;\nexport default a;",
    "The dataset plugin HERE cannot be loaded: SyntaxError: Expression expected (HERE:2:11)",
  ],
  "top_level.ts": [
    "const a = 1;\nconsole.log(a, level);\nexport default a;",
    "The dataset plugin HERE cannot be loaded: level is not defined (HERE:2:16)",
  ],
  "export.ts": [
    'import { nothing } from "./helper.ts";\nexport default nothing;',
    "The dataset plugin HERE cannot be loaded: The requested module './helper.ts' does not provide an export named " +
    "'nothing' (HERE:1:10)",
  ],
  "open.ts": [
    plugin("null.x"),
    `Dataset "mine" cannot be opened: Cannot read properties of null (reading 'x') (HERE:3:10)`,
  ],
  "read.ts": [
    plugin("", "into.fill(level);"),
    'Dataset "mine" cannot be read: level is not defined (HERE:6:19)',
  ],
  "helped.ts": [
    `import { helper } from "./helper.ts"; ${plugin("", "helper();")}`,
    'Dataset "mine" cannot be read: no help (HERE:6:9)',
  ],
  "thrown.ts": [plugin("", "throw 'a text';"), 'Dataset "mine" cannot be read: a text'],
  "label.ts": [
    plugin("", undefined, "level"),
    'Label "a" of dataset "mine" cannot be read for image 0: level is not defined (HERE:4:74)',
  ],
};

Deno.test("openDataset() ends what it says of a plugin's error with the place in the plugin", async () => {
  const helper = 'export function helper() { throw new Error("no help"); }';
  const texts = Object.fromEntries(Object.entries(cases).map(([name, [text]]) => [name, text]));
  await withFiles({ "helper.ts": helper, ...texts }, async (folder) => {
    for (const [name, [, message]] of Object.entries(cases)) {
      const path = `${folder}/${name}`;
      const { message: found } = await assertRejects(async () => {
        await using open = await openDataset(path, { size: 4 });
        await open.read([0], new Uint8Array(16));
        open.labels.a!.at(0);
      }, DatasetError);
      assertEquals(found, message.replaceAll("HERE", path));
    }
  });
});

Deno.test("openDataset() names a plugin in the current folder by its name alone", async () => {
  const folder = await Deno.makeTempDir({ dir: Deno.cwd(), prefix: ".place" });
  try {
    await Deno.writeTextFile(`${folder}/read.ts`, cases["read.ts"]![0]);
    await using open = await openDataset(`${folder}/read.ts`, { size: 4 });
    const read = () => open.read([0], new Uint8Array(16));
    await assertRejects(
      read,
      DatasetError,
      `level is not defined (${relative(Deno.cwd(), folder)}/read.ts:6:19)`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
