import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { decodePicture } from "../../src/pictures/mod.ts";
import { CLI, end, namesIn, noCtrlC, run, start, TINY, withFolder } from "./cli_process.ts";

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

Deno.test(
  { name: "cli.ts ends with a checkpoint and exit code 130 at Ctrl-C", ignore: noCtrlC },
  async () => {
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
  },
);

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

Deno.test(
  { name: "cli.ts ends sampling at Ctrl-C with exit code 130, and leaves no file behind", ignore: noCtrlC },
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
        output: "Stopping, no file is written. Press Ctrl-C again to stop at once.\n",
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
