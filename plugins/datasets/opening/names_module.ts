import { extname } from "../../../src/host/paths.ts";
import { builtInDatasets } from "../sets/built_in.ts";

/** What the names of files with code end in. */
export const moduleExtensions: readonly string[] = [".ts", ".mts", ".js", ".mjs", ".tsx", ".jsx"];

/** What the specifiers of modules start with. */
export const moduleSchemes: readonly string[] = ["file:", "https:", "jsr:", "npm:"];

/**
 * Whether a specifier may name a module: opening such a dataset runs its code, with the permissions of the
 * program.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { namesModule } from "@x/dcgan/datasets";
 *
 * const names = ["mnist", "./photos", "./my_set.ts", "jsr:@you/my-set"];
 * assertEquals(names.filter(namesModule), ["./my_set.ts", "jsr:@you/my-set"]);
 * ```
 */
export function namesModule(specifier: string): boolean {
  if (Object.hasOwn(builtInDatasets, specifier)) return false;
  return moduleSchemes.some((scheme) => specifier.startsWith(scheme)) ||
    moduleExtensions.includes(extname(specifier).toLowerCase());
}
