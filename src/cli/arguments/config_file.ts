import { namesModule } from "../../../plugins/datasets/mod.ts";
import { ConfigError } from "../../dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../dcgan/options/options.ts";
import { parseOptions, withFileOptions } from "../../dcgan/options/options_file.ts";
import { UsageError } from "../errors.ts";
import { shellWord } from "./shell_word.ts";

/**
 * Reads the file of `--config`.
 *
 * @throws {UsageError} if it cannot be read, or holds no options of a run; it names the flag.
 */
export async function readConfigFile(path: string): Promise<TrainOptions> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    // Deno's own message names the permission
    if (error instanceof Deno.errors.NotCapable) throw error;
    const found = error instanceof Deno.errors.NotFound ? "nothing" : "something else";
    throw new UsageError(`--config must be a JSON file, found ${found} at "${path}"`);
  }
  try {
    return parseOptions(text, path);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ConfigError) {
      throw new UsageError(`--config: ${error.message}`);
    }
    throw error;
  }
}

/**
 * The dataset that the file of `--config` names, if that may be loaded.
 *
 * @throws {UsageError} if it is a module, unless the command names the data too: loading one runs its code.
 */
export async function dataOfConfigFile(path: string): Promise<string | undefined> {
  const { data } = await readConfigFile(path);
  if (data === undefined || !namesModule(data)) return data;
  throw new UsageError(
    `--data must be given if the dataset of --config is a module, as its code gets all permissions of this ` +
      `program, found ${JSON.stringify(data)} in ${path}. Add --data ${shellWord(data)} if you trust it`,
  );
}

/**
 * Options of the command line on top of those of a file.
 *
 * @throws {UsageError} if the file cannot be used, or the command resumes a run.
 */
export async function withConfigFile(path: string | undefined, given: TrainOptions): Promise<TrainOptions> {
  if (path === undefined) return given;
  if (given.resume !== undefined) {
    throw new UsageError(
      "--config cannot be combined with --resume: a run that is resumed keeps its own config",
    );
  }
  return withFileOptions(await readConfigFile(path), given);
}
