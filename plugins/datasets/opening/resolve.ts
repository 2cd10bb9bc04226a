import { host } from "../../../src/host/host.ts";
import { extname, resolve } from "../../../src/host/paths.ts";
import { builtInDatasets } from "../sets/built_in.ts";
import { checkPlugin } from "./check_plugin.ts";
import { DatasetError, type DatasetPlugin } from "../contract.ts";
import { folder } from "../sets/folder.ts";
import { openBytes } from "../formats/byte_source.ts";
import { kindOf } from "../formats/expected_kind.ts";
import { huggingface } from "../sets/huggingface.ts";
import { moduleExtensions, moduleSchemes } from "./names_module.ts";
import { npy } from "../sets/npy.ts";
import { loadingMessage, rememberModule } from "./plugin_place.ts";
import { processGuard } from "./guard/process_guard.ts";
import { DEFAULT_TIME_LIMIT, Watchdog } from "./watchdog.ts";
import { failure, nearest, networkReason, quote } from "../messages.ts";

/** A dataset that was found. */
export interface ResolvedDataset {
  /** The plugin that opens it. */
  readonly plugin: DatasetPlugin;
  /**
   * Where the data is, if the specifier says so: the path of pictures or of an array, or a set on the Hugging
   * Face hub.
   */
  readonly data?: string;
}

/** Options of {@linkcode resolveDataset}. */
export interface ResolveDatasetOptions {
  /** Aborts loading a module. */
  signal?: AbortSignal;
  /**
   * Seconds that loading a module may take.
   *
   * @default {300}
   */
  timeLimit?: number;
}

/** Datasets for files, by the extensions of their names; other files are pictures. */
const byExtension: Readonly<Record<string, DatasetPlugin>> = {
  ".npy": npy,
  ".npz": npy,
  ".parquet": huggingface,
};

/**
 * Finds the plugin for a specifier. Tried in this order:
 *
 * 1. the name of a built-in dataset, such as `faces` or `mnist`;
 * 2. a module whose default export is a plugin, as `file:`, `https:`, `jsr:` or `npm:` specifier, or as a
 *    path from the current folder that ends in `.ts`, `.mts`, `.js`, `.mjs`, `.tsx` or `.jsx`;
 * 3. a set on the Hugging Face hub, `hf:user/name`;
 * 4. the path of a folder or of an archive of pictures, of a `.npy` or `.npz` file, or of a `.parquet` file.
 *
 * Loading a module runs its code with the permissions of the program.
 *
 * @throws {DatasetError} if there is no such thing, or the module cannot be loaded or exports no plugin.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { resolveDataset } from "@x/dcgan/datasets";
 *
 * const { plugin } = await resolveDataset("mnist");
 * assertEquals([plugin.name, Object.keys(plugin.options ?? {})], ["mnist", ["split"]]);
 * ```
 */
export async function resolveDataset(
  specifier: string,
  options: ResolveDatasetOptions = {},
): Promise<ResolvedDataset> {
  const builtIn = Object.hasOwn(builtInDatasets, specifier) ? builtInDatasets[specifier] : undefined;
  if (builtIn) return { plugin: builtIn };
  if (moduleSchemes.some((scheme) => specifier.startsWith(scheme))) {
    return { plugin: await load(specifier, specifier, options) };
  }
  if (specifier.startsWith("hf:")) return { plugin: huggingface, data: specifier };
  const path = resolve(specifier);
  const extension = extname(specifier).toLowerCase();
  const isModule = moduleExtensions.includes(extension);
  const info = specifier === "" ? undefined : await host().stat(path).catch((error) => {
    if (host().problemOf(error) === "NotFound" || host().problemOf(error) === "NotADirectory") {
      return undefined;
    }
    throw failure(`The data ${quote(specifier)} cannot be looked at`, error);
  });
  if (isModule && info?.isFile) {
    return { plugin: await load(host().toFileUrl(path).href, specifier, options) };
  }
  if (info) {
    const plugin = byExtension[extension] ?? (info.isFile ? readerOf(path) : undefined) ?? folder;
    return { plugin, data: specifier };
  }
  const scheme = /^[a-z][a-z0-9+.-]+:/i.exec(specifier)?.[0];
  if (scheme !== undefined) {
    throw new DatasetError(
      `A plugin from elsewhere must start with one of ${moduleSchemes.join(", ")}, ` +
        `a set on the hub with "hf:", found ${quote(specifier)}`,
    );
  }
  const names = Object.keys(builtInDatasets);
  const close = nearest(specifier, names);
  throw new DatasetError(
    isModule || /[\\/]|\.(zip|tar|npy|npz|parquet)$/i.test(specifier)
      ? `There is nothing at ${quote(specifier)}: looked for ${path}`
      : `There is no dataset ${quote(specifier)}${close ? ` (did you mean ${quote(close)}?)` : ""}: ` +
        `allowed are ${names.join(", ")}, the path of a folder, zip or tar of pictures, ` +
        "or the path or specifier of a plugin",
  );
}

/** The dataset for a file without a known extension, by its first bytes; none if it may hold pictures. */
function readerOf(path: string): DatasetPlugin | undefined {
  using source = openBytes(path, true);
  const name = kindOf(source)?.name;
  return name === "an array of NumPy" ? npy : name === "a Parquet file" ? huggingface : undefined;
}

async function load(url: string, source: string, options: ResolveDatasetOptions): Promise<DatasetPlugin> {
  const { signal = new AbortController().signal, timeLimit: seconds = DEFAULT_TIME_LIMIT } = options;
  const watchdog = new Watchdog({ seconds, signal, who: `The dataset plugin ${source}`, does: "load" });
  try {
    await processGuard()?.start();
    const module: { default?: unknown } = await watchdog.waitFor(() => import(url));
    const plugin = checkPlugin(module.default, source);
    rememberModule(plugin, url);
    return plugin;
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(`The dataset plugin ${source} cannot be loaded: ${reasonOf(cause)}`, { cause });
  }
}

/** What is wrong with a module, with what the network says of it, which Deno lists in lines of their own. */
function reasonOf(cause: unknown): string {
  const deeper = cause instanceof Error ? /^\s*0: (.+)$/m.exec(cause.message)?.[1] : undefined;
  const message = loadingMessage(cause);
  return deeper === undefined ? message : `${message.replace(/\.$/, "")}: ${networkReason(deeper)}`;
}
