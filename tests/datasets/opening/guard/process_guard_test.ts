import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { withFiles } from "../../support/folders.ts";

const cli = fileURLToPath(new URL("../../../../cli.ts", import.meta.url));

/** What `datasets preview` says of a plugin that may be silent for a short time. */
async function preview(plugin: string, ...flags: string[]): Promise<{ code: number; errors: string }> {
  return await withFiles({ "odd.ts": plugin }, async (folder) => {
    const args = ["datasets", "preview", `${folder}/odd.ts`, "--out", `${folder}/grid.png`];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", cli, ...args, ...flags],
      stdout: "null",
      stderr: "piped",
    }).output();
    return { code, errors: new TextDecoder().decode(stderr).replaceAll(folder, "F") };
  });
}

/** A plugin with code in each of its places. */
function plugin({ load = "", open = "", read = "", close = "" }): string {
  return `${load}
    export default { apiVersion: 1, name: "odd", open({ size, report }) {
      ${open}
      return {
        length: 9, shape: [size, size, 1],
        async read(indices, into) { into.fill(3); ${read} },
        close() { ${close} },
      };
    } };`;
}

const more = ". If it is just slow, raise --data-timeout";
const ended = ` and blocks the main thread, so the process is being stopped${more}\n`;

Deno.test("the command line ends with a sentence where a plugin never lets go", async () => {
  const cases = [
    [{ load: "for (;;);" }, "The dataset plugin F/odd.ts is hung: it did not load"],
    [{ read: "await new Promise((go) => setTimeout(go, 50)); for (;;);" }, "it did not read 9 images"],
    [{ close: "for (;;);" }, 'Dataset "odd" is hung: it did not close'],
  ] as const;
  // Side by side, as each takes the ten seconds that the main thread may be busy
  await Promise.all(cases.map(async ([code, message]) => {
    const { errors, code: exit } = await preview(plugin(code), "--data-timeout", "0.3");
    assertEquals(errors.slice(-ended.length - ` within 0.3 s`.length), ` within 0.3 s${ended}`, errors);
    assertEquals(errors.includes(message), true, errors);
    assertEquals(errors.startsWith("error: "), true, errors);
    assertEquals(exit, Deno.build.os === "windows" ? 1 : 137);
  }));
});

Deno.test("the command line leaves alone what is slow and lets go, and what no limit holds for", async (t) => {
  const busy = (seconds: number) =>
    `for (const end = performance.now() + ${1000 * seconds}; performance.now() < end;);`;
  const working = `for (let i = 0; i < 12; i++) {
    ${busy(0.1)}
    report("still there");
    await new Promise((go) => setTimeout(go));
  }`;
  await t.step("opening that reports", async () => {
    const slow = plugin({ open: working }).replace("open({", "async open({");
    const { code, errors } = await preview(slow, "--data-timeout", "1");
    assertEquals([code, errors.replaceAll("still there\n", "")], [0, ""]);
  });
  await t.step("reading within its limit", async () => {
    assertEquals(await preview(plugin({ read: busy(1.5) }), "--data-timeout", "30"), {
      code: 0,
      errors: "",
    });
  });
});

Deno.test("the command line hangs with a plugin where it may not look on, and not for want of a permission", async () => {
  await withFiles({ "odd.ts": plugin({}) }, async (folder) => {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        `--allow-read=${folder}`,
        `--allow-write=${folder}`,
        cli,
        ...["datasets", "preview", `${folder}/odd.ts`, "--out", `${folder}/grid.png`],
      ],
      stdout: "null",
      stderr: "piped",
    }).output();
    assertMatch(new TextDecoder().decode(stderr), /^$/);
    assertEquals(code, 0);
  });
});
