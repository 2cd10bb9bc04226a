import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "pathe";
import type { HostFiles } from "./files.ts";
import type { Host, HostPaths } from "./host.ts";
import { memoryFiles } from "./web/memory_files.ts";
import { privateFiles } from "./web/private_files.ts";
import { webCodecs } from "./web/web_codecs.ts";
import { webNavigator } from "./web/web_types.ts";

/** Paths of a page begin at its root, which is also the current folder. */
const path: HostPaths = {
  sep: "/",
  basename,
  dirname,
  extname,
  isAbsolute,
  join,
  relative: (from, to) => relative(resolve("/", from), resolve("/", to)),
  resolve: (...parts) => resolve("/", ...parts),
};

/**
 * The browser, with files in the private file system of the page's origin. Where there is none, as in a
 * private window of some browsers, they are in memory.
 */
export function privateHost(): Host {
  return browserHost(
    typeof webNavigator().storage?.getDirectory === "function" ? privateFiles() : memoryFiles(),
  );
}

/**
 * The browser, with files in memory that are gone with the page. Each call makes an empty one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryHost } from "@x/dcgan/web";
 *
 * const files = memoryHost(); // for setHost()
 * await files.writeTextFile("/hello.txt", "hello");
 * assertEquals(await files.readTextFile("/hello.txt"), "hello");
 * ```
 */
export function memoryHost(): Host {
  return browserHost(memoryFiles());
}

function browserHost(files: HostFiles): Host {
  return {
    ...files,
    ...webCodecs,
    runtime: browserName(),
    kind: "browser",
    system: "browser",
    arch: "",
    target: "in a page",
    path,
    posix: path,
    gpu: () => Promise.resolve(navigator.gpu),
    imagescript: () => Promise.resolve(undefined),
    env: () => undefined,
    may: () => true,
    isNetworkError: () => false,
    uid: () => null,
    cwd: () => "/",
    fromFileUrl: (url) => decodeURIComponent(new URL(url).pathname),
    toFileUrl: (path) => new URL(`file://${resolve("/", path).split("/").map(encodeURIComponent).join("/")}`),
    unrefTimer: () => {},
    canStartWorker: () => false,
  };
}

/** Name and version of the browser, as far as it tells. */
function browserName(): string {
  const agent = webNavigator().userAgent ?? "";
  const found = /(Firefox|Edg|OPR|Chrome)\/(\d+)/.exec(agent) ?? /(Version)\/(\d+).*Safari/.exec(agent);
  if (!found) return "a browser";
  const names: Partial<Record<string, string>> = { Edg: "Edge", OPR: "Opera", Version: "Safari" };
  return `${names[found[1]!] ?? found[1]} ${found[2]}`;
}
