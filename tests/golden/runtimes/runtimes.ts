import { fileURLToPath, pathToFileURL } from "node:url";
import { lines } from "../../../bench/lines.ts";
import { type BrowserName, browserVersion, findBrowser } from "../../../scripts/runtimes/browsers.ts";
import { bundle } from "../../../scripts/runtimes/bundle.ts";
import { installPackages, type PackageName, versionOf } from "../../../scripts/runtimes/npm_packages.ts";
import { BrowserPage } from "../../../scripts/runtimes/page.ts";
import type { Line, Task } from "./golden_run.ts";

/** Names of runtimes. */
export const RUNTIMES = ["deno", "node", "bun", "chromium", "firefox"] as const;

/** Name of a runtime. */
export type RuntimeName = (typeof RUNTIMES)[number];

/** Seconds that a runtime may take for its next line: a driver may compile many kernels for a case. */
const PATIENCE = 180;

/** A runtime, ready to be started. */
export interface Runtime {
  /** Its name and version. */
  readonly title: string;
  /** What gives it WebGPU. */
  readonly engine: string;
  /** Runs cases, and gives what it says. */
  run(task: Task, env: Readonly<Record<string, string>>): AsyncGenerator<Line>;
}

/**
 * Sees to a runtime: installs what npm has of it.
 *
 * @throws {Error} if it cannot be had here.
 */
export async function openRuntime(name: RuntimeName): Promise<Runtime> {
  if (name === "deno") {
    return {
      title: `Deno ${Deno.version.deno}`,
      engine: "wgpu, its own",
      run: (task, env) =>
        inProcess(Deno.execPath(), ["run", "-A", "--no-config", starter("deno")], task, env),
    };
  }
  if (name === "chromium" || name === "firefox") return await openBrowser(name);
  const dawn: PackageName = name === "node" ? "webgpu" : "bun-webgpu";
  const modules = await installPackages([name, dawn]);
  return {
    title: `${name === "node" ? "Node" : "Bun"} ${versionOf(name)}`,
    engine: `Dawn, npm ${dawn} ${versionOf(dawn)}`,
    run: (task, env) =>
      inProcess(`${modules}/.bin/${name}`, [starter(name)], task, env, [
        pathToFileURL(`${modules}/${dawn}/index.js`).href,
      ]),
  };
}

async function openBrowser(name: BrowserName): Promise<Runtime> {
  const path = findBrowser(name);
  if (path === undefined) throw new Error(`Cannot run cases in ${name}: this machine has none`);
  const title = name === "chromium" ? "Chromium" : "Firefox";
  return {
    title: `${title} ${await browserVersion(path)}`,
    engine: name === "chromium" ? "Dawn, its own" : "wgpu, its own",
    run: (task, env) => inPage(name, task, env),
  };
}

function starter(name: string): string {
  return fileURLToPath(new URL(`./start_${name}.ts`, import.meta.url));
}

/** Runs the bundle in a process of a runtime. */
async function* inProcess(
  program: string,
  args: readonly string[],
  task: Task,
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): AsyncGenerator<Line> {
  const folder = await Deno.makeTempDir({ prefix: "x-dcgan-golden-" });
  try {
    const file = `${folder}/golden.mjs`;
    await Deno.writeTextFile(file, await bundle(new URL("./golden_run.ts", import.meta.url)));
    const child = new Deno.Command(program, {
      args: [...args, pathToFileURL(file).href, JSON.stringify(task), ...more],
      env: { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") || "/tmp", ...env },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const complaints = new Response(child.stderr).text();
    for await (const text of lines(child.stdout)) {
      // Programs may greet
      if (text.startsWith("{")) yield JSON.parse(text);
    }
    const { code } = await child.status;
    if (code !== 0) yield { type: "error", message: `exit code ${code}: ${(await complaints).trim()}` };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs the bundle in a page of a browser. */
async function* inPage(
  name: BrowserName,
  task: Task,
  env: Readonly<Record<string, string>>,
): AsyncGenerator<Line> {
  const options = {
    bundle: await bundle(new URL("./start_page.ts", import.meta.url)),
    files: task.path,
    env,
  };
  await using page = await BrowserPage.open(name, options);
  page.send(JSON.stringify(task));
  while (true) {
    const text = await page.hear(PATIENCE);
    if (text === undefined) return yield { type: "error", message: "the browser ended" };
    const line: Line = JSON.parse(text);
    yield line;
    if (line.type === "end" || line.type === "error") return;
  }
}
