/** Tests mirror the source: a file of the same name, or an entry in `covered_by.json`. */
import { assert, assertEquals } from "@std/assert";
import covered from "./covered_by.json" with { type: "json" };
import { importsOf, sources } from "./support/source_files.ts";

/** Source files without a test of their own name, and the test that covers each. */
const coveredBy: Readonly<Record<string, string>> = covered;

/** Where the test of a source file stands if it has one of its own. */
function ownTest(path: string): string {
  return path.replace(/^(src|plugins)\//, "tests/").replace(/\.ts$/, "_test.ts");
}

async function collect(...folders: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const folder of folders) {
    for await (const path of sources(folder)) found.add(path);
  }
  return found;
}

Deno.test("every source file has a test of its own name, or an entry that names one", async () => {
  const tests = await collect("tests/");
  const missing: string[] = [];
  for (const path of await collect("src/", "plugins/")) {
    const listed = path in coveredBy;
    const own = tests.has(ownTest(path));
    if (listed === own) missing.push(own ? `${path} is listed, but has ${ownTest(path)}` : path);
  }
  assertEquals(missing, []);
});

Deno.test("every file of tests has some", async () => {
  const empty: string[] = [];
  for (const path of await collect("tests/")) {
    if (path.endsWith("_test.ts") && !/[Tt]est\(/.test(await Deno.readTextFile(path))) empty.push(path);
  }
  assertEquals(empty, []);
});

Deno.test("every entry names a source file, and a test that loads it", async () => {
  const files = await collect("src/", "plugins/", "tests/");
  for (const root of ["mod.ts", "gpu.ts", "nn.ts", "cli.ts", "web.ts", "datasets.ts"]) files.add(root);
  const graph = new Map<string, readonly string[]>();
  for (const path of files) {
    graph.set(
      path,
      (await importsOf(path, { urls: true })).filter((target) => files.has(target)),
    );
  }
  const loadedBy = (test: string): Set<string> => {
    const seen = new Set([test]);
    for (const path of seen) for (const target of graph.get(path) ?? []) seen.add(target);
    return seen;
  };
  const known = new Map<string, Set<string>>();
  for (const [path, test] of Object.entries(coveredBy)) {
    assert(files.has(path), `${path} does not exist`);
    assert(files.has(test) && test.endsWith("_test.ts"), `${path}: ${test} is not a test`);
    if (!known.has(test)) known.set(test, loadedBy(test));
    assert(known.get(test)!.has(path), `${test} does not load ${path}`);
  }
});
