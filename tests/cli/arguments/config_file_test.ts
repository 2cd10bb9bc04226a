import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { withConfigFile } from "../../../src/cli/arguments/config_file.ts";
import { UsageError } from "../../../src/cli/errors.ts";
import { end, run, start, TINY, withFolder } from "../cli_process.ts";

Deno.test("cli.ts takes options from a file of --config, and its flags come first", async () => {
  await withFolder(async (folder) => {
    const configOf = async (name: string) =>
      JSON.parse(await Deno.readTextFile(`${folder}/${name}/config.json`));
    await run(`train ${TINY} --data-length 40 --steps 2 --loss hinge --out ${folder}/first`);
    const told = await run(`train --config ${folder}/first/config.json --steps 3 --out ${folder}/second`);
    assert(!told.includes("recipe"), told);
    const [first, second] = [await configOf("first"), await configOf("second")];
    assertEquals({ ...second, run: "", steps: 2, out: first.out }, { ...first, run: "" });

    await Deno.writeTextFile(`${folder}/bad.json`, '{ "los": "hinge" }');
    await Deno.writeTextFile(`${folder}/module.json`, '{ "data": "./nowhere.ts" }');
    const refused: [string, RegExp][] = [
      [`--config ${folder}/none.json`, /^error: --config must be a JSON file, found nothing at "/],
      [
        `--config ${folder}/bad.json`,
        /^error: --config: Cannot use .*: "los" is not an option; allowed are /,
      ],
      [
        `--config ${folder}/module.json`,
        /^error: --data must be given .* Add --data \.\/nowhere\.ts if you trust it/,
      ],
      [
        `--resume ${folder}/first --config ${folder}/first/config.json`,
        /^error: --config cannot be combined with --resume/,
      ],
    ];
    for (const [flags, message] of refused) {
      const { code, errors } = await end(start(`train ${flags}`));
      assertMatch(errors, message);
      assertEquals(code, 2);
    }
  });
});

Deno.test("withConfigFile() refuses a module that only the file names, whatever was read before", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/options.json`;
    await Deno.writeTextFile(path, '{ "data": "./nowhere.ts", "size": 32 }');
    await assertRejects(
      () => withConfigFile(path, {}),
      UsageError,
      "Add --data ./nowhere.ts if you trust it",
    );
    assertEquals(await withConfigFile(path, { data: "faces" }), { data: "faces", size: 32 });
  });
});
