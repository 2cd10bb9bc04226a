/** Packages of npm that other runtimes need: the runtimes themselves, and WebGPU where they lack it. */
import { userCache } from "../../src/files/user_cache.ts";

/** The packages, each of one version. They are about 450 MB in all, and nothing else needs them. */
const PACKAGES = {
  /** Node itself: the one that is installed may be too old. */
  node: "24.21.0",
  /** Dawn, the WebGPU of Chromium, for Node. */
  webgpu: "0.6.2",
  bun: "1.4.5",
  /** Dawn for Bun. */
  "bun-webgpu": "0.1.7",
} as const;

/** Name of one of the packages. */
export type PackageName = keyof typeof PACKAGES;

/** Version of a package. */
export function versionOf(name: PackageName): string {
  return PACKAGES[name];
}

/**
 * Installs packages by npm in the user's folder for caches, if they are not there yet.
 *
 * @returns the folder `node_modules` that they are in.
 * @throws {Error} with what npm says, if it cannot.
 */
export async function installPackages(names: readonly PackageName[]): Promise<string> {
  const folder = userCache("runtimes");
  if (folder === undefined) throw new Error("Cannot install packages: the user has no folder for caches");
  const modules = `${folder}/node_modules`;
  const missing: PackageName[] = [];
  for (const name of names) if (await installed(`${modules}/${name}`) !== PACKAGES[name]) missing.push(name);
  if (missing.length === 0) return modules;
  await Deno.mkdir(folder, { recursive: true });
  const wanted = missing.map((name) => `${name}@${PACKAGES[name]}`);
  const { success, stderr } = await new Deno.Command("npm", {
    args: ["install", "--prefix", folder, "--no-audit", "--no-fund", "--save-exact", ...wanted],
  }).output();
  for (const name of missing) {
    if (success && await installed(`${modules}/${name}`) === PACKAGES[name]) continue;
    throw new Error(`Cannot install ${name} by npm: ${new TextDecoder().decode(stderr).trim()}`);
  }
  return modules;
}

/** The version of a package that is there; undefined if none is. */
async function installed(folder: string): Promise<string | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(`${folder}/package.json`)).version;
  } catch {
    return undefined;
  }
}
