import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { FileProblem, Host } from "./host.ts";
import { nativeCodecs } from "./native_codecs.ts";
import { infoOf, type NodeModules, openNodeFile } from "./node_file.ts";

/** What is wrong, by the code of Node's error. */
const PROBLEMS: Readonly<Partial<Record<string, FileProblem>>> = {
  ENOENT: "NotFound",
  EEXIST: "AlreadyExists",
  ENOTDIR: "NotADirectory",
  EISDIR: "IsADirectory",
  EACCES: "PermissionDenied",
  EPERM: "PermissionDenied",
  ENOSPC: "NoSpace",
  // Of `node --permission`
  ERR_ACCESS_DENIED: "NotCapable",
};

/** Systems that Deno names otherwise. */
const SYSTEMS: Readonly<Partial<Record<string, string>>> = { win32: "windows" };

/** Processors that Deno names otherwise. */
const PROCESSORS: Readonly<Partial<Record<string, string>>> = { x64: "x86_64", arm64: "aarch64" };

/** Node, and Bun, which has the same functions. */
export function createNodeHost(): Host {
  // Loaded here, so that Deno does not load them for nothing
  const modules: NodeModules = {
    fs: process.getBuiltinModule("node:fs"),
    net: process.getBuiltinModule("node:net"),
    os: process.getBuiltinModule("node:os"),
  };
  const { fs } = modules;
  const files = fs.promises;
  const writing = (options?: { createNew?: boolean }) => ({ flag: options?.createNew ? "wx" : "w" });
  const { platform, arch, versions } = process;
  const bun = (versions as { bun?: string }).bun;
  return {
    ...nativeCodecs,
    runtime: bun === undefined ? `Node ${versions.node}` : `Bun ${bun}`,
    kind: "node",
    system: SYSTEMS[platform] ?? platform,
    arch: PROCESSORS[arch] ?? arch,
    target: `${platform} ${arch}`,
    path,
    posix: path.posix,
    gpu: findGpu,
    imagescript: () => import("imagescript").catch(() => undefined),
    env: (name) => process.env[name],
    may: () => true,
    isNetworkError: () => false,
    uid: () => process.getuid?.() ?? null,
    cwd: () => process.cwd(),
    fromFileUrl: (url) => fileURLToPath(url),
    toFileUrl: (path) => pathToFileURL(path),
    unrefTimer: (timer) => (timer as unknown as { unref?(): void }).unref?.(),
    // Workers of the Web are not in Node
    canStartWorker: () => false,
    // deno-lint-ignore require-await -- an error is a rejection
    open: async (path, options) => openNodeFile(modules, path, options),
    openSync: (path, options) => openNodeFile(modules, path, options),
    readFile: async (path) => {
      const { buffer, byteOffset, byteLength } = await files.readFile(path);
      return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    },
    readTextFile: (path) => files.readFile(path, "utf8"),
    writeFile: (path, bytes, options) => files.writeFile(path, bytes, writing(options)),
    writeTextFile: (path, text, options) => files.writeFile(path, text, writing(options)),
    writeTextFileSync: (path, text, options) => fs.writeFileSync(path, text, writing(options)),
    mkdir: async (path, options) => void await files.mkdir(path, options),
    async remove(path, { recursive = false } = {}) {
      if (!(await files.lstat(path)).isDirectory()) await files.unlink(path);
      else if (recursive) await files.rm(path, { recursive });
      else await files.rmdir(path);
    },
    removeSync: (path) => fs.unlinkSync(path),
    rename: (from, to) => files.rename(from, to),
    truncate: (path, length) => files.truncate(path, length),
    async *readDir(path) {
      for (const entry of await files.readdir(path, { withFileTypes: true })) {
        yield {
          name: entry.name,
          isFile: entry.isFile(),
          isDirectory: entry.isDirectory(),
          isSymlink: entry.isSymbolicLink(),
        };
      }
    },
    stat: async (path) => infoOf(await files.stat(path)),
    statSync: (path) => infoOf(fs.statSync(path)),
    lstat: async (path) => infoOf(await files.lstat(path)),
    realPath: (path) => files.realpath(path),
    async syncFolder(path) {
      // Windows has no such call; there a rename itself is journaled
      if (platform === "win32") return;
      using folder = openNodeFile(modules, path);
      await folder.sync();
    },
    problemOf: (error) =>
      error instanceof Error ? PROBLEMS[`${(error as { code?: unknown }).code}`] : undefined,
  };
}

let dawn: Promise<GPU | undefined> | undefined;

/** WebGPU of the runtime itself, or of the package `webgpu`, if it is installed. */
async function findGpu(): Promise<GPU | undefined> {
  const own = (globalThis.navigator as { readonly gpu?: GPU } | undefined)?.gpu;
  return own ?? await (dawn ??= loadDawn());
}

async function loadDawn(): Promise<GPU | undefined> {
  // By a variable, so that nothing takes the package for a dependency: it has 130 MB
  const name = "webgpu";
  const found: Dawn | undefined = await import(name).catch(() => undefined);
  if (!found) return undefined;
  Object.assign(globalThis, found.globals);
  return found.create([]);
}

/** The part of the package `webgpu` that is used. */
interface Dawn {
  readonly globals: object;
  create(options: readonly string[]): GPU;
}
