/** Bundles for other runtimes than Deno: one file of JavaScript that uses nothing but what browsers have. */
import { fileURLToPath } from "node:url";

/** How a bundle is made. */
export interface BundleOptions {
  /**
   * Whether names and spaces are made short.
   *
   * @default {false}
   */
  readonly minify?: boolean;
  /**
   * A configuration for the modules that the entry imports.
   *
   * @default {the project's}
   */
  readonly config?: URL;
}

/**
 * Bundles a module and all that it imports.
 *
 * @throws {Error} with what `deno bundle` says, if it cannot.
 */
export async function bundle(
  entry: URL,
  { minify = false, config = new URL("../../deno.json", import.meta.url) }: BundleOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform",
      "browser",
      "--config",
      fileURLToPath(config),
      ...(minify ? ["--minify"] : []),
      fileURLToPath(entry),
    ],
    env: { NO_COLOR: "1" },
  }).output();
  if (code === 0) return new TextDecoder().decode(stdout);
  throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr).trim()}`);
}
