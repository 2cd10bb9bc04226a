import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import { problemsOf } from "./json/validator.ts";
import { CLI, end, type Ended, noCtrlC, run, start, TINY, withFolder } from "./cli_process.ts";
import { fakeTerminal } from "./terminal.ts";

/** A command that serves, its address, and what it has written once it has ended. */
async function served(child: Deno.ChildProcess): Promise<{ url: string; ended: Promise<Ended> }> {
  const found = Promise.withResolvers<string>();
  const ended = end(child, (output) => {
    const [url] = /http:\/\/[^"/]+:\d+\//.exec(output) ?? [];
    if (url !== undefined) found.resolve(url);
  });
  ended.then(({ errors }) => found.reject(new Error(errors)));
  return { url: await found.promise, ended };
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(
    `serve finishes what it draws at ${signal}, and ends with exit code 0`,
    { ignore: noCtrlC },
    async () => {
      await withFolder(async (folder) => {
        await run(`train ${TINY} --steps 1 --out ${folder}/run`);
        const child = start(`serve ${folder}/run --port 0`);
        const { url, ended } = await served(child);
        const asked = fetch(`${url}sample?count=256&seed=3`).then((response) => response.bytes());
        // It is being drawn by then
        for (let drawing = false; !drawing;) {
          const { queue } = await (await fetch(`${url}health`)).json();
          drawing = queue.drawing || queue.waiting === 0;
        }
        child.kill(signal);
        assertEquals(Array.from((await asked).subarray(1, 4)), [..."PNG"].map((one) => one.charCodeAt(0)));
        const { code, output, errors } = await ended;
        assertEquals([code, errors], [0, ""]);
        assertMatch(
          output,
          /^Serving \S+ at step 1: http:\/\/127\.0\.0\.1:\d+\/ \(Ctrl-C to stop\)\nStopping, /,
        );
      });
    },
  );
}

Deno.test("serve gives one document with --json, and says where it listens beyond this machine", {
  ignore: noCtrlC,
}, async () => {
  await withFolder(async (folder) => {
    await run(`train ${TINY} --steps 1 --out ${folder}/run`);
    const child = start(`serve ${folder}/run --port 0 --host 0.0.0.0 --json`);
    const { ended } = await served(child);
    child.kill("SIGTERM");
    const { code, output, errors } = await ended;
    assertEquals(code, 0, errors);
    const document = JSON.parse(output);
    assertEquals([document.type, document.step, problemsOf(document)], ["server", 1, []]);
    const [warning] = document.warnings;
    assertMatch(
      warning,
      /^Everybody who can reach this machine at 0\.0\.0\.0 can use this server, without a password/,
    );
    assertStringIncludes(errors, `warning: ${warning}\n`);
  });
});

Deno.test("serve runs with the permissions that docs/permissions.md states, and not without one", {
  ignore: noCtrlC,
}, async () => {
  const doc = await Deno.readTextFile(new URL("../../docs/permissions.md", import.meta.url));
  const [, stated = ""] = /`serve runs\/faces`,[^`]*`([^`]+)`/.exec(doc.replaceAll("\n", " ")) ?? [];
  const permissions = stated.split(" ");
  assertEquals(permissions.length, 2, stated);
  await withFolder(async (folder) => {
    await run(`train ${TINY} --steps 1 --out ${folder}/runs/faces`);
    const spawn = (given: readonly string[]) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", ...given, CLI, "serve", "runs/faces", "--port", "0"],
        cwd: folder,
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    for (const [at, permission] of permissions.entries()) {
      const { code, errors } = await end(spawn(permissions.toSpliced(at, 1)));
      assert(code !== 0, `${permission} is not needed`);
      assertMatch(errors, /error: .*(--allow-\w+|[Rr]equires \w+ access)/);
    }
    const child = spawn(permissions);
    const { url, ended } = await served(child);
    for (const path of ["sample?count=4", "interpolate?seeds=1,2&format=webp&steps=3", "health", ""]) {
      const response = await fetch(url + path);
      await response.body?.cancel();
      assertEquals([path, response.status], [path, 200]);
    }
    child.kill("SIGTERM");
    assertEquals((await ended).code, 0);
  });
});

Deno.test("serve refuses what cannot be served, before the GPU is touched", async () => {
  await withFolder(async (folder) => {
    const calls: readonly (readonly [line: string, code: number, message: string])[] = [
      [
        `serve ${folder}/nothing`,
        2,
        "<run> must be a run folder, or a file of weights (.safetensors, .pt, .pth), found nothing",
      ],
      [`serve ${folder} --port 70000`, 2, "It must be a whole number from 0 to 65535"],
      [`serve ${folder} --batch 65`, 2, "It must be a whole number from 1 to 64"],
      [`serve ${folder} --cors example.com`, 2, "It must be an origin, such as https://example.com, or *"],
      [`serve ${folder}`, 1, "is not a run folder"],
    ];
    for (const [line, code, message] of calls) {
      const terminal = fakeTerminal();
      assertEquals([line, await main(line.split(" "), terminal)], [line, code]);
      assertStringIncludes(terminal.errors(), message);
    }
  });
});
