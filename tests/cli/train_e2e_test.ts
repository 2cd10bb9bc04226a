import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeNpy } from "../../src/files/npy.ts";
import { decodePicture } from "../../src/pictures/mod.ts";
import { cacheEnv } from "../support/cache_env.ts";

const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));
const TINY = "--size 16 --ngf 4 --ndf 4 --latent 8 --batch 4 --samples 4";

/** Starts the command line as a person would, with its output in a pipe. */
function start(line: string, env: Record<string, string> = {}): Deno.ChildProcess {
  const args = ["run", "-A", CLI, ...line.split(" ")];
  return new Deno.Command(Deno.execPath(), { args, env, stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
}

/** What a process wrote, and how it ended. */
interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Waits for a process. `watch` is told everything that was written so far, whenever there is more. */
async function end(child: Deno.ChildProcess, watch: (output: string) => void = () => {}): Promise<Ended> {
  const errors = new Response(child.stderr).text();
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) watch(output += text);
  const { code } = await child.status;
  return { code, output, errors: await errors };
}

/** Runs the command line to its end, which must be a good one. */
async function run(line: string, env: Record<string, string> = {}): Promise<string> {
  const { code, output, errors } = await end(start(line, env));
  assertEquals([code, errors], [0, ""], output);
  return output;
}

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test("cli.ts trains in a pipe, and then draws in every format", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const told = await run(`train ${TINY} --steps 12 --sample-every 6 --checkpoint-every 6 --out ${out}`);
    const lines = told.trimEnd().split("\n");
    assertMatch(lines[0]!, /^data +faces, 100000 images of 16x16x3$/);
    assert(!told.includes("\r") && !told.includes("\x1b"), told);
    for (
      const line of [
        `step 6: ${out}/samples/step-000006.png`,
        `step 6: checkpoint ${out}/checkpoints/step-000006`,
        `step 12: ${out}/samples/step-000012.png`,
        `step 12: checkpoint ${out}/checkpoints/step-000012`,
      ]
    ) assert(lines.includes(line), `${line} is not in\n${told}`);
    assertMatch(told, /^step 12\/12 {2}0\.0 s left {2}loss D \d.* {2}\S+ img\/s {2}/m);
    assertMatch(told, /\nTrained 12 steps in .*\. Run folder: .*\nSample from it: .* sample .*\n$/);

    const drawn = await Promise.all([
      run(`sample ${out} --count 5 --seed 7 --out ${folder}/grid.png`),
      run(`sample ${out} --count 5 --seed 7 --out ${folder}/all.npy`),
      run(
        `sample ${out}/checkpoints/step-000012/generator.safetensors --count 5 --format images --out ${folder}/five`,
      ),
    ]);
    assertEquals(drawn, [
      `5 images: ${folder}/grid.png\n`,
      `5 images: ${folder}/all.npy\n`,
      `5 images: ${folder}/five, 5 files\n`,
    ]);
    const grid = await decodePicture(await Deno.readFile(`${folder}/grid.png`));
    assert(grid.width >= 32 && grid.height >= 32);
    assertEquals(decodeNpy(await Deno.readFile(`${folder}/all.npy`)).shape, [5, 3, 16, 16]);
    assertEquals((await namesIn(`${folder}/five`)).length, 5);
  });
});

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
      [`${folder}/none`, 2, `error: --resume must be a run folder, found nothing at "${folder}/none"`],
      [CLI, 2, `error: --resume must be a run folder, found "${CLI}", a file`],
      [folder, 1, `error: ${folder} is not a run folder but holds runs. Name one of them: ${folder}/run`],
    ] as const;
    for (const [flags, code, message] of cases) {
      const ended = await end(start(`train --resume ${flags}`));
      assertEquals([ended.code, ended.errors.slice(0, message.length)], [code, message]);
    }
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
      /^warning: Tuned kernels are ignored .*: found "wide rows 4096 vectors 64 splits 1" for "matmul .*" \(and \d+ more\)/m,
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
    if (told.includes("warning: ")) return assertMatch(told, /cannot time kernels/); // an adapter without timestamps
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

Deno.test("cli.ts killed while it writes a checkpoint leaves the last one whole", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const checkpoints = `${out}/checkpoints`;
    const child = start(`train ${TINY} --steps 100000 --sample-every 0 --checkpoint-every 1 --out ${out}`);
    let over = false;
    const ended = end(child).finally(() => over = true);
    for (let midway = false; !midway && !over;) {
      const names = await namesIn(checkpoints).catch((): string[] => []);
      midway = names.some((name) => name.endsWith(".tmp")) && names.length > 3;
      await new Promise((resolve) => setTimeout(resolve, midway ? 0 : 1));
    }
    if (!over) child.kill("SIGKILL");
    const { output, errors } = await ended;
    assertEquals([errors, /^Trained/m.test(output)], ["", false], output);

    const whole = (await namesIn(checkpoints)).filter((name) => !name.startsWith("."));
    assert(whole.length >= 2 && whole.length <= 6, whole.join());
    for (const name of whole) assertEquals((await namesIn(`${checkpoints}/${name}`)).length, 3);
    await run(`sample ${out} --count 4 --out ${folder}/grid.png`);
    await decodePicture(await Deno.readFile(`${folder}/grid.png`));
    // Every line but the last, which may be cut, is a step.
    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).split("\n").slice(0, -1);
    assertEquals(lines.map((line) => JSON.parse(line).step), lines.map((_, index) => index + 1));
  });
});

const ignore = Deno.build.os === "windows"; // where a process cannot be sent Ctrl-C

Deno.test({ name: "cli.ts ends with a checkpoint and exit code 130 at Ctrl-C", ignore }, async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const child = start(`train ${TINY} --steps 100000 --sample-every 0 --checkpoint-every 0 --out ${out}`);
    let interrupted = false;
    const { code, output, errors } = await end(child, (written) => {
      if (interrupted || !/^step \d+\//m.test(written)) return;
      interrupted = true;
      child.kill("SIGINT");
    });
    assertEquals([code, errors], [130, ""], output);
    assertStringIncludes(output, "Stopping after this step. Press Ctrl-C again to stop at once.\n");
    const [, steps] = /^Stopped after (\d+) steps in /m.exec(output)!;
    assertStringIncludes(
      output,
      `step ${steps}: checkpoint ${out}/checkpoints/step-${steps!.padStart(6, "0")}\n`,
    );
    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
    assertEquals(lines.length, Number(steps));
  });
});

Deno.test({
  name: "cli.ts saves where its terminal is closed, whatever becomes of its log",
  ignore: Deno.build.os !== "linux",
}, async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const line = `train ${TINY} --steps 100000 --sample-every 0 --checkpoint-every 0 --out ${out}`;
    const child = new Deno.Command("sh", {
      args: ["-c", 'exec "$0" run -A "$@" > /dev/full', Deno.execPath(), CLI, ...line.split(" ")],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let over = false;
    const ended = end(child).finally(() => over = true);
    while (!over && !await Deno.stat(`${out}/metrics.jsonl`).then(() => true, () => false)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (!over) child.kill("SIGHUP");
    const { code, errors } = await ended;
    assertMatch(errors, /^warning: cannot write to standard output; the command continues: [^\n]*\n$/);
    assertEquals(code, 130);
    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
    assertEquals(await namesIn(`${out}/checkpoints`), [`step-${`${lines.length}`.padStart(6, "0")}`]);
  });
});

Deno.test("cli.ts draws from a step, and goes back to it", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const told = await run(`train ${TINY} --steps 6 --checkpoint-every 2 --out ${out}`);
    assertStringIncludes(told, `step 1: ${out}/samples/step-000001.png\n`);
    const draw = (from: string, name: string) => run(`sample ${from} --count 3 --out ${folder}/${name}.npy`);
    await Promise.all([draw(`${out} --step 4`, "a"), draw(`${out}/checkpoints/step-000004/`, "b")]);
    assertEquals(await Deno.readFile(`${folder}/a.npy`), await Deno.readFile(`${folder}/b.npy`));
    assertMatch(
      await run(`train --resume ${out} --step 4`),
      /^training +steps 5 to 6 of [^]*^warning: The checkpoint after step 4 is now in .*run\/set-aside-1/m,
    );
    await Deno.truncate(`${out}/checkpoints/step-000006/generator.safetensors`, 9);
    assertMatch(await draw(out, "c"), /^warning: .*step-000006\/.*\. Step 4 is used instead\n3 images/);
    assertEquals(await Deno.readFile(`${folder}/c.npy`), await Deno.readFile(`${folder}/a.npy`));
    const missing = await end(start(`sample ${out} --step 5 --out ${folder}/d.png`));
    const problem = `error: --step must be that of a checkpoint in ${out} (2, 4, 6), found 5\n`;
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

Deno.test(
  { name: "cli.ts ends sampling at Ctrl-C with exit code 130, and leaves no file behind", ignore },
  async () => {
    await withFolder(async (folder) => {
      await run(`train ${TINY} --steps 1 --out ${folder}/run`);
      const child = start(`sample ${folder}/run --count 65536 --out ${folder}/all.npy`);
      let over = false;
      const ended = end(child).finally(() => over = true);
      for (let begun = false; !begun && !over;) {
        begun = (await namesIn(folder)).some((name) => name.endsWith(".tmp"));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      if (!over) child.kill("SIGINT");
      assertEquals(await ended, {
        code: 130,
        output: "Stopping without writing a file. Press Ctrl-C again to stop at once.\n",
        errors: "",
      });
      assertEquals(await namesIn(folder), ["run"]);
    });
  },
);

Deno.test("cli.ts writes a checkpoint where a plugin leaves an error that nothing catches", async () => {
  const strays = {
    promise: "Promise.reject(new Error('none waits'))",
    timer: "setTimeout(() => { throw new Error('none waits'); })",
  };
  for (const [kind, stray] of Object.entries(strays)) {
    await withFolder(async (folder) => {
      const plugin = `${folder}/stray.ts`;
      await Deno.writeTextFile(
        plugin,
        `let reads = 0;
        export default { apiVersion: 1, name: "stray", open: ({ size }) => ({
          length: 50, shape: [size, size, 1],
          read(indices, into) { into.fill(7); if (++reads === 20) ${stray}; } }) };`,
      );
      const out = `${folder}/run`;
      const { code, output, errors } = await end(
        start(
          `train --data ${plugin} ${TINY} --steps 1000 --gpu-data-memory 0 --sample-every 0 --checkpoint-every 0 --out ${out}`,
        ),
      );
      const message =
        `error: Dataset plugin "${plugin}" threw an error that nothing caught: none waits (${plugin}:4:`;
      assertEquals([code, errors.slice(0, message.length)], [1, message], kind);
      assertMatch(
        output,
        /^step \d+: checkpoint .*\nstep \d+: .*\.png\nStopped after \d+ steps in .*\nResume it: /m,
      );
    });
  }
});

Deno.test("cli.ts says in one line what is wrong with a file to draw from, with exit code 1", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/generator.safetensors`;
    await Deno.writeTextFile(path, "no tensors");
    const { code, output, errors } = await end(start(`sample ${path} --out ${folder}/grid.png`));
    assertEquals([code, output], [1, ""]);
    assertMatch(errors, /^[^\n]*generator\.safetensors[^\n]*\n$/);
    assertEquals(await namesIn(folder), ["generator.safetensors"]);
  });
});
