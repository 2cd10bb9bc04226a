import { assert, assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { userCacheRoot } from "../../src/files/user_cache.ts";
import { withFolder } from "../support/temp_folder.ts";
import { outcome } from "../web/outcome.ts";
import { findNode, installPacked } from "./npm_package.ts";

const cache = userCacheRoot();
const found = findNode(Deno.env.get("DCGAN_NODE_MODULES") ?? (cache && `${cache}/runtimes/node_modules`));

/** SwiftShader, as the package `webgpu` wants more of a driver than old ones of Mesa have. */
const DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";

const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);

/** Runs a program in Node. Returns what it writes last, as JSON. */
async function inNode(node: string, project: string, code: string): Promise<unknown> {
  const file = `${project}/${crypto.randomUUID()}.mjs`;
  await Deno.writeTextFile(file, code);
  const { success, stdout, stderr } = await new Deno.Command(node, {
    args: [file],
    cwd: project,
    env: { NO_COLOR: "1", ...(await isThere(DRIVER) ? { VK_ICD_FILENAMES: DRIVER } : {}) },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1)!);
}

Deno.test({
  name: `the package for npm trains in Node${typeof found === "string" ? ` (skipped: ${found})` : ""}`,
  ignore: typeof found === "string",
  async fn(t) {
    const { node, webgpu } = found as Exclude<typeof found, string>;
    await withFolder(async (project) => {
      await installPacked(project);
      const host = `./node_modules/${config.name}/src/host`;

      await t.step("it says what to install where WebGPU is missing", async () => {
        const code =
          `import { examine } from "${config.name}/gpu"; console.log(JSON.stringify((await examine()).advice));`;
        const [advice] = await inNode(node, project, code) as [string];
        assertMatch(
          advice,
          /^No WebGPU adapter found \(Node \d.*\)\. .* install the package 'webgpu' beside this one$/,
        );
      });
      await Deno.symlink(webgpu, `${project}/node_modules/webgpu`);

      await t.step("files keep the host's promises", async () => {
        const contract = await Deno.readTextFile(new URL("../host/host_contract.ts", import.meta.url));
        await Deno.writeTextFile(
          `${project}/contract.ts`,
          contract.replace("../../src/host/host.ts", `${host}/host.js`),
        );
        const code = `
          import { mkdirSync } from "node:fs";
          import { promises } from "./contract.ts";
          import { createNodeHost } from "${host}/node.js";
          const broken = [];
          for (const [promise, check] of Object.entries(promises)) {
            const folder = "${project}/" + promise;
            mkdirSync(folder);
            await check(createNodeHost(), folder).catch((error) => broken.push(promise + ": " + error.stack));
          }
          console.log(JSON.stringify(broken));`;
        assertEquals(await inNode(node, project, code), []);
      });

      await t.step("train() resumes to the byte, and sample() draws", async () => {
        await Deno.copyFile(new URL("../web/scenario.ts", import.meta.url), `${project}/scenario.ts`);
        const code = `
          import * as dcgan from "${config.name}";
          import { createNodeHost } from "${host}/node.js";
          import { runScenario } from "./scenario.ts";
          using device = await dcgan.openDevice();
          const outcome = await runScenario(dcgan, device, createNodeHost(), "${project}");
          console.log(JSON.stringify(outcome));`;
        assertEquals(await inNode(node, project, code), outcome);
        assert((await Deno.stat(`${project}/whole/report.html`)).size > 10_000, "the report was written");
      });

      await t.step("a run folder is one process's, until it is killed", async () => {
        const take = `
          import { createNodeHost } from "${host}/node.js";
          const file = await createNodeHost().open("${project}/lock", { write: true, create: true });
          console.log(await file.tryLock(true));`;
        await Deno.writeTextFile(`${project}/holder.mjs`, `${take}\nsetInterval(() => {}, 1000);`);
        const child = new Deno.Command(node, { args: [`${project}/holder.mjs`], stdout: "piped" }).spawn();
        const reader = child.stdout.getReader();
        assertEquals(new TextDecoder().decode((await reader.read()).value), "true\n");
        assertEquals(await inNode(node, project, take), false);
        child.kill("SIGKILL");
        await child.status;
        await reader.cancel();
        assertEquals(await inNode(node, project, take), true);
      });
    });
  },
});
