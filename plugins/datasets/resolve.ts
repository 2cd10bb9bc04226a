import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checkPlugin } from "./check_plugin.ts";
import { DatasetError, type DatasetPlugin } from "./contract.ts";
import { faces } from "./faces.ts";
import { folder } from "./folder.ts";
import { mnist } from "./mnist.ts";
import { messageOf, nearest, quote } from "./wording.ts";

/** The datasets that come with the module, by name. */
export const builtInDatasets: Readonly<Record<string, DatasetPlugin>> = {
  faces,
  mnist,
  folder,
};

/** A dataset that was found. */
export interface ResolvedDataset {
  /** The plugin that opens it. */
  readonly plugin: DatasetPlugin;
  /** Path of the data, where the specifier was that of a folder or zip of pictures. */
  readonly data?: string;
}

const moduleExtensions = [".ts", ".mts", ".js", ".mjs", ".tsx", ".jsx"];
const moduleSchemes = ["file:", "https:", "jsr:", "npm:"];

/**
 * Finds the plugin for a specifier. Tried in this order:
 *
 * 1. the name of a built-in dataset: `faces`, `mnist`, `folder`;
 * 2. a module whose default export is a plugin, as `file:`, `https:`, `jsr:` or `npm:` specifier, or as a path that ends
 *    in `.ts`, `.mts`, `.js`, `.mjs`, `.tsx` or `.jsx`, from the current folder;
 * 3. the path of a folder or of a zip file, which is a dataset of pictures.
 *
 * Loading a module runs its code with the permissions of the program.
 *
 * @throws {DatasetError} Where there is no such thing, or the module cannot be loaded or exports no plugin.
 *
 * @example
 * ```ts
 * import { resolveDataset } from "@x/dcgan/datasets";
 *
 * const { plugin } = await resolveDataset("mnist");
 * console.log(plugin.name, Object.keys(plugin.options ?? {})); // mnist ["split"]
 * ```
 */
export async function resolveDataset(specifier: string): Promise<ResolvedDataset> {
  const builtIn = Object.hasOwn(builtInDatasets, specifier) ? builtInDatasets[specifier] : undefined;
  if (builtIn) return { plugin: builtIn };
  if (moduleSchemes.some((scheme) => specifier.startsWith(scheme))) {
    return { plugin: await load(specifier, specifier) };
  }
  const path = resolve(specifier);
  const isModule = moduleExtensions.includes(extname(specifier).toLowerCase());
  const info = specifier === "" ? undefined : await Deno.stat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw new DatasetError(`The data ${quote(specifier)} cannot be looked at: ${messageOf(error)}`, {
      cause: error,
    });
  });
  if (isModule && info) return { plugin: await load(pathToFileURL(path).href, specifier) };
  if (info) return { plugin: folder, data: specifier };
  const names = Object.keys(builtInDatasets);
  const close = nearest(specifier, names);
  throw new DatasetError(
    isModule || /[\\/]|\.zip$/i.test(specifier)
      ? `There is nothing at ${quote(specifier)}: looked for ${path}`
      : `There is no dataset ${quote(specifier)}${
        close ? ` (did you mean ${quote(close)}?)` : ""
      }: allowed are ${
        names.join(", ")
      }, the path of a folder or zip of pictures, or the path or specifier of a plugin`,
  );
}

async function load(url: string, source: string): Promise<DatasetPlugin> {
  let module: { default?: unknown };
  try {
    module = await import(url);
  } catch (cause) {
    throw new DatasetError(`The dataset plugin ${source} cannot be loaded: ${messageOf(cause)}`, { cause });
  }
  return checkPlugin(module.default, source);
}
