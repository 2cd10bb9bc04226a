import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { checkPlugin, DatasetError } from "../../../plugins/datasets/mod.ts";

Deno.test("checkPlugin() says what is missing", () => {
  const open = () => {};
  const good = { apiVersion: 1, name: "good", open };
  assertEquals(checkPlugin(good, "here") as unknown, good);
  const cases: [unknown, string][] = [
    [
      undefined,
      "here must export a dataset plugin as default, an object with apiVersion, name and open, found undefined",
    ],
    [{ apiVersion: 1, open }, 'The "name" of the dataset plugin here must be text, found undefined'],
    [{ apiVersion: 0 }, 'The "apiVersion" of the dataset plugin here must be 1, found 0'],
    [{ ...good, license: 4 }, 'The "license" of dataset "good" (here) must be text, found 4'],
    [{ ...good, files: {} }, 'The "files" of dataset "good" (here) must be an array, found {}'],
    [{ ...good, files: [{ path: "../a", urls: ["https://a.example/a"] }] }, 'like set/file.gz, found "../a"'],
    [{ ...good, files: [{ path: "a", urls: ["a"] }] }, 'must be an array of URLs, found ["a"]'],
    [
      { ...good, options: { "no way": { type: "number", description: "", default: 1 } } },
      'must start with a letter, then have letters, digits, - and _, found "no way"',
    ],
    [
      { ...good, options: { root: { type: "number", description: "", default: 1 } } },
      "must have another name, as --data-root means something else",
    ],
    [
      { ...good, options: { n: { type: "string", description: "", default: "a", enum: "a" } } },
      'The enum of option "n" of dataset "good" (here) must be an array of texts, found "a"',
    ],
    [{ ...good, apiVersion: 2 }, "must be 1, found 2; a newer version of @x/dcgan may know it"],
    [{ ...good, apiVersion: "1" }, 'The "apiVersion" of dataset "good" (here) must be 1, found "1"'],
    [{ ...good, open: 3 }, 'The "open" of dataset "good" (here) must be a function, found 3'],
    [{ ...good, description: 4 }, 'The "description" of dataset "good" (here) must be text, found 4'],
    [{ ...good, options: [] }, 'The "options" of dataset "good" (here) must be an object, found []'],
    [
      { ...good, options: { n: { type: "int" } } },
      'The type of option "n" of dataset "good" (here) must be "number", "integer", "string" or "boolean", found "int"',
    ],
    [
      { ...good, options: { n: { type: "number", default: 1 } } },
      'The description of option "n" of dataset "good" (here) must be text, found undefined',
    ],
    [
      { ...good, options: { n: { type: "number", description: "", default: 1, minimum: 2 } } },
      'The default of option "n" of dataset "good" (here) must be a number of 2 or more, found 1',
    ],
  ];
  for (const [plugin, message] of cases) {
    assertThrows(() => checkPlugin(plugin, "here"), DatasetError, message);
  }
});
