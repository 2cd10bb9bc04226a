import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { cacheEnv } from "../support/cache_env.ts";
import { run, TINY, withFolder } from "./cli_process.ts";

Deno.test("cli.ts tunes with --tune; later runs take what it found, and --no-tune does not", async () => {
  await withFolder(async (folder) => {
    const env = cacheEnv(folder);
    const train = (name: string, flags = "") =>
      run(`train ${TINY} --steps 1 --out ${folder}/${name}${flags}`, env);
    const kernelsOf = async (name: string) =>
      JSON.parse(await Deno.readTextFile(`${folder}/${name}/config.json`)).kernels.variants;
    const told = await train("tuned", " --tune");
    assertMatch(told, /^kernel 1\/\d+ {2}matmul .*\n {2}\S+ ms, .*default: \w+ rows \d/m);
    const path = /^Tuned \d+ kernels; later runs here use them too: (.*\.json)$/m.exec(told)![1]!;
    await train("later");
    assertEquals(await kernelsOf("later"), await kernelsOf("tuned"));

    const remembered = JSON.parse(await Deno.readTextFile(path));
    const write = (variants: Record<string, string>) =>
      Deno.writeTextFile(path, JSON.stringify({ ...remembered, variants }));
    await train("without", " --no-tune");
    const standard: Record<string, string> = await kernelsOf("without");
    // A thin tile of one row is a candidate wherever taller ones are
    const lower = (variant: string) => variant.replace(/^thin rows \d+/, "thin rows 1");
    const others = Object.fromEntries(
      Object.entries(standard).map(([name, variant]) => [name, lower(variant)]),
    );
    assertNotEquals(others, standard);
    await write(others);
    assert(!(await train("other")).includes("warning"));
    assertEquals(await kernelsOf("other"), others);
    await write(
      Object.fromEntries(Object.keys(standard).map((name) => [name, "wide rows 4096 vectors 64 splits 1"])),
    );
    assertMatch(
      await train("alien"),
      /^warning: Tuned kernels must be among .*, found "wide rows 4096 vectors 64 splits 1" for "matmul .*" \(and \d+ more\)/m,
    );
    assertEquals(await kernelsOf("alien"), standard);

    await Deno.writeTextFile(path, "{");
    assertMatch(await train("damaged"), /^warning: Tuned kernels in .* are ignored: the file is damaged/m);
  });
});

Deno.test("cli.ts shows where the time goes with --profile, in no more than a hundred columns", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const told = await run(
      `train ${TINY} --steps 13 --sample-every 0 --checkpoint-every 0 --profile --out ${out}`,
      // Without kernels that were tuned on this machine, or warnings of them
      cacheEnv(folder),
    );
    if (told.includes("warning: ")) return assertMatch(told, /Cannot time kernels/); // an adapter without timestamps
    assertMatch(
      told,
      /^Time of a step on the GPU, medians of steps 3 to 12\. .* limit is [\d.]+ GFLOP\/s\.\n\nkernel /m,
    );
    assertMatch(told, /^conv2d .* -> \d+ .* %$/m);
    assertMatch(told, /^all .* 100 % .* %\n\nIn full: .*profile\.json$/m);
    const table = told.slice(told.indexOf("kernel "), told.indexOf("In full")).split("\n");
    assert(table.every(({ length }) => length <= 100), told);
    const { rows, firstStep, lastStep } = JSON.parse(await Deno.readTextFile(`${out}/profile.json`));
    assert(rows.length > 10);
    assertEquals([firstStep, lastStep], [3, 12]);
  });
});
