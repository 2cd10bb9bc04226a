import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname } from "node:path";
import { CLI, end, namesIn, run, start, TINY, withFolder } from "./cli_process.ts";

Deno.test("cli.ts resumes a run by --resume, and only with the same one", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await run(`train ${TINY} --steps 3 --data-length 50 --out ${out}`);
    const told = await run(`train --resume ${out} --steps 5 --sample-every 0`);
    assertMatch(told, /^data +faces, 50 images of 16x16x3$/m);
    assertMatch(told, /^training +steps 4 to 5 of 4 images on /m);
    assertMatch(told, /\nTrained 2 more steps, 5 in all, in .* s\. Run folder: .*run\nSample from it: /);
    assertEquals((await namesIn(`${out}/samples`)).slice(-2), ["step-000003.png", "step-000005.png"]);
    const cases = [
      [
        `${out} --batch 8`,
        2,
        `error: --batch cannot change in a resumed run: it must be 4 as in ${out}, found 8`,
      ],
      [
        `${out} --data-length 9`,
        2,
        `error: --data-<option> cannot change in a resumed run: length: it must be 50 as in ${out}, found 9`,
      ],
      [out, 2, `error: --steps must be more than the 5 that ${out} has trained, found 5`],
      [
        `${folder}/none`,
        2,
        `error: --resume must be a run folder, found nothing at "${folder}/none". Runs in ${folder}: ${out}`,
      ],
      [CLI, 2, `error: --resume must be a run folder, found "${CLI}", a file`],
      [folder, 1, `error: ${folder} is not a run folder but holds runs. Name one of them: ${folder}/run`],
    ] as const;
    for (const [flags, code, message] of cases) {
      const ended = await end(start(`train --resume ${flags}`));
      assertEquals([ended.code, ended.errors.slice(0, message.length)], [code, message]);
    }
    const changed = await run(`train --resume ${out} --more 2 --override --batch 8 --flip --data-length 60`);
    assertMatch(changed, /^data +faces, 60 images of [^]*^training +steps 6 to 7 of 8 images on /m);
    const back = await run(`train --resume ${out} --more 1 --override --no-flip`);
    assertMatch(back, /^training +steps 8 to 8 of 8 images on /m);
    const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
    assertEquals([config.steps, config.flip, config.changes.at(-1)], [
      8,
      false,
      { step: 7, option: "flip", from: true, to: false },
    ]);
  });
});

Deno.test("cli.ts runs no code that a run's config names, unless it is named again", async () => {
  await withFolder(async (folder) => {
    const [out, module] = [`${folder}/run`, `${folder}/my_set.ts`];
    const plugin = `Deno.writeTextFileSync("${folder}/loaded", "");
      export default { apiVersion: 1, name: "mine", options: { level: { type: "integer", description: "a level", default: 3 } },
      open: ({ size, options }) => ({ length: 9, shape: [size, size, 1],
        read: (_, into) => void into.fill(options.level) }) };`;
    await Deno.writeTextFile(module, plugin);
    await run(`train ${TINY} --data ${module} --data-level 5 --steps 2 --out ${out}`);
    const wasLoaded = () => Deno.remove(`${folder}/loaded`).then(() => true, () => false);
    assert(await wasLoaded());
    const refused = await end(start(`train --resume ${out} --steps 3`));
    assertEquals([refused.code, await wasLoaded()], [2, false], refused.errors);
    assertEquals(
      refused.errors,
      "error: --data must be given again if a run's dataset is a module, as its code gets all permissions of this " +
        `program, found "${module}" in ${out}/config.json. Give that if you trust it\n`,
    );
    const help = await run(`train --resume ${out} --help`);
    assertStringIncludes(help, "--resume <run>");
    assert(!await wasLoaded());
    const script = `import { openDevice, train } from "${new URL("../../mod.ts", import.meta.url).href}";
      using device = await openDevice();
      await train(device, { resume: "${out}", steps: 3 }).next().catch((error) => console.log(String(error)));`;
    const args = ["eval", script];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: dirname(CLI) }).output();
    assertMatch(
      new TextDecoder().decode(stdout),
      /^ConfigError: Cannot resume .*run: "data" must be given again/,
    );
    assert(!await wasLoaded());
    const told = await run(`train --resume ${out} --steps 3 --data ${module}`);
    assertMatch(told, /Trained 1 more step/);
    assert(await wasLoaded());
  });
});

Deno.test("cli.ts draws from a step, and goes back to it", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const told = await run(`train ${TINY} --steps 6 --checkpoint-every 2 --out ${out}`);
    assertStringIncludes(told, `step 1: ${out}/samples/step-000001.png\n`);
    const draw = (from: string, name: string) => run(`sample ${from} --count 3 --out ${folder}/${name}.npy`);
    await Promise.all([draw(`${out} --from 4`, "a"), draw(`${out}/checkpoints/step-000004/`, "b")]);
    assertEquals(await Deno.readFile(`${folder}/a.npy`), await Deno.readFile(`${folder}/b.npy`));
    assertMatch(
      await run(`train --resume ${out} --step 4`),
      /^training +steps 5 to 6 of [^]*^warning: The checkpoint after step 4 is now in .*run\/set-aside-1/m,
    );
    await Deno.truncate(`${out}/checkpoints/step-000006/generator.safetensors`, 9);
    assertMatch(await draw(out, "c"), /^warning: .*step-000006\/.*\. Step 4 is used instead\n3 images/);
    assertEquals(await Deno.readFile(`${folder}/c.npy`), await Deno.readFile(`${folder}/a.npy`));
    const missing = await end(start(`sample ${out} --from 5 --out ${folder}/d.png`));
    const problem = `error: --from must be that of a checkpoint in ${out} (2, 4, 6), found 5\n`;
    assertEquals([missing.code, missing.errors], [2, problem]);
    const alone = await end(start(`train ${TINY} --step 5 --out ${folder}/new`));
    assertEquals([alone.code, await namesIn(folder)], [2, ["a.npy", "b.npy", "c.npy", "run"]]);
    // A run without a checkpoint gives way to the same command
    for (const name of ["checkpoints", "set-aside-1"]) {
      await Deno.remove(`${out}/${name}`, { recursive: true });
    }
    assertMatch(
      await run(`train ${TINY} --steps 2 --out ${out}`),
      /^warning: The run in .* stopped before /m,
    );
  });
});
