import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { FileProblem, Host } from "./host.ts";
import { nativeCodecs } from "./native_codecs.ts";

/** What is wrong, by the class of Deno's error. */
const PROBLEMS: readonly FileProblem[] = [
  "NotFound",
  "AlreadyExists",
  "NotADirectory",
  "IsADirectory",
  "PermissionDenied",
  "NotCapable",
];

/** POSIX's number for a full disk, of which Deno makes no class. */
const ENOSPC = "ENOSPC";

/** Deno itself. Its functions are looked up at each call, so that tests can take their place. */
export function createDenoHost(): Host {
  const may: Host["may"] = (name, what) => {
    const asked: Deno.PermissionDescriptor = name === "env"
      ? { name, ...(what === undefined ? {} : { variable: what }) }
      : name === "uid"
      ? { name: "sys", kind: "uid" }
      : { name, ...(what === undefined ? {} : { path: what }) };
    return Deno.permissions.querySync(asked).state === "granted";
  };
  return {
    ...nativeCodecs,
    runtime: `Deno ${Deno.version.deno}`,
    kind: "deno",
    system: Deno.build.os,
    arch: Deno.build.arch,
    target: Deno.build.target,
    path,
    posix: path.posix,
    gpu: () => Promise.resolve(navigator.gpu),
    async imagescript() {
      // It has no build for some platforms
      const isAllowed = (["ffi", "env", "read"] as const).every((name) => may(name));
      return isAllowed ? await import("imagescript").catch(() => undefined) : undefined;
    },
    env: (name) => may("env", name) ? Deno.env.get(name) : undefined,
    may,
    isNetworkError: (error) => error instanceof Deno.errors.Http,
    uid: () => Deno.uid(),
    cwd: () => Deno.cwd(),
    fromFileUrl: (url) => fileURLToPath(url),
    toFileUrl: (path) => pathToFileURL(path),
    unrefTimer: (timer) => Deno.unrefTimer(timer),
    canStartWorker: (module) => module.protocol !== "file:" || may("read", fileURLToPath(module)),
    open: (path, options) => Deno.open(path, options),
    openSync: (path, options) => Deno.openSync(path, options),
    readFile: (path) => Deno.readFile(path),
    readTextFile: (path) => Deno.readTextFile(path),
    writeFile: (path, bytes, options) => Deno.writeFile(path, bytes, options),
    writeTextFile: (path, text, options) => Deno.writeTextFile(path, text, options),
    writeTextFileSync: (path, text, options) => Deno.writeTextFileSync(path, text, options),
    mkdir: (path, options) => Deno.mkdir(path, options),
    remove: (path, options) => Deno.remove(path, options),
    removeSync: (path) => Deno.removeSync(path),
    rename: (from, to) => Deno.rename(from, to),
    truncate: (path, length) => Deno.truncate(path, length),
    readDir: (path) => Deno.readDir(path),
    stat: (path) => Deno.stat(path),
    statSync: (path) => Deno.statSync(path),
    lstat: (path) => Deno.lstat(path),
    realPath: (path) => Deno.realPath(path),
    async syncFolder(path) {
      // Windows has no such call; there a rename itself is journaled
      if (Deno.build.os === "windows") return;
      using folder = await Deno.open(path, { read: true });
      await folder.sync();
    },
    problemOf(error) {
      if (!(error instanceof Error)) return undefined;
      if ((error as { code?: unknown }).code === ENOSPC) return "NoSpace";
      return PROBLEMS.find((problem) => error instanceof Deno.errors[problem as "NotFound"]);
    },
  };
}
