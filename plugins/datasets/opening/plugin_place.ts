/**
 * Where in a plugin an error comes from, so that its author need not search.
 *
 * @module
 */
import { host } from "../../../src/host/host.ts";
import { relative } from "../../../src/host/paths.ts";
import type { DatasetPlugin } from "../contract.ts";
import { messageOf } from "../messages.ts";

/** The URLs of the modules that plugins were loaded from. */
const modules = new WeakMap<DatasetPlugin, string>();

/** Folders of this package, whose own places do not help an author. */
const OWN = [new URL("../", import.meta.url).href, new URL("../../../src/", import.meta.url).href];

/** What Deno colors the places in its own messages with. */
// deno-lint-ignore no-control-regex -- they begin with this character
const COLORS = /\x1b\[[\d;]*m/g;

/** A place in a module, as stacks and messages name it. */
const PLACE = /((?:file|https?):\/\/[^\s()]+?):(\d+):(\d+)/;

/** Remembers where a plugin was loaded from. */
export function rememberModule(plugin: DatasetPlugin, url: string): void {
  modules.set(plugin, url);
}

/** What was thrown, in one line that ends with the place in the plugin's module, if there is one. */
export function messageWithPlace(cause: unknown, plugin?: DatasetPlugin): string {
  const url = plugin && modules.get(plugin);
  return url === undefined ? messageOf(cause) : withPlace(cause, (module) => module === url);
}

/** The same of a module that could not be loaded: it, or one that it imports, may be what is wrong. */
export function loadingMessage(cause: unknown): string {
  return withPlace(
    cause,
    (module, line) => !line.includes(" at async ") && !OWN.some((own) => module.startsWith(own)),
  );
}

function withPlace(cause: unknown, isMeant: (module: string, line: string) => boolean): string {
  const message = messageOf(cause);
  if (!(cause instanceof Error)) return message;
  for (const frame of `${cause.message}\n${cause.stack}`.replaceAll(COLORS, "").split("\n")) {
    const [text, module = "", line, column] = PLACE.exec(frame) ?? [];
    if (text === undefined || !isMeant(module, frame)) continue;
    // Some messages end with it
    return `${message.replace(` at ${text}`, "").replace(/\.$/, "")} (${shown(module)}:${line}:${column})`;
  }
  return message;
}

/** A module's name for people: a path from the current folder, if it lies there. */
function shown(module: string): string {
  if (!module.startsWith("file:")) return module;
  const path = host().fromFileUrl(module);
  try {
    const fromHere = relative(host().cwd(), path);
    return fromHere === ".." || fromHere.startsWith(`..${host().path.sep}`) ? path : fromHere;
  } catch {
    // The current folder may be gone, or not be read
    return path;
  }
}
