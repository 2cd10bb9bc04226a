import { namesModule } from "../../../plugins/datasets/mod.ts";
import { ConfigError } from "../../dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../dcgan/options/options.ts";
import { parseOptions, withFileOptions } from "../../dcgan/options/options_file.ts";
import { UsageError } from "../errors.ts";
import { shellWord } from "./shell_word.ts";

/**
 * The dataset that the file of `--config` names, if the arguments name no other.
 *
 * @throws {UsageError} as {@linkcode withConfigFile}.
 */
export async function dataOfConfigFile(path: string): Promise<string | undefined> {
  return (await readConfigFile(path, undefined)).data;
}

/**
 * Options of the command line on top of those of a file.
 *
 * @throws {UsageError} if the file cannot be used, the command resumes a run, or the file names a module as
 * its data and the command names none.
 */
export async function withConfigFile(path: string | undefined, given: TrainOptions): Promise<TrainOptions> {
  if (path === undefined) return given;
  if (given.resume !== undefined) {
    throw new UsageError(
      "--config cannot be combined with --resume: a run that is resumed keeps its own config",
    );
  }
  return withFileOptions(await readConfigFile(path, given.data), given);
}

/**
 * Reads the file, and refuses a module that only the file names: whenever it is read, as it may change in
 * between.
 */
async function readConfigFile(path: string, named: string | undefined): Promise<TrainOptions> {
  const options = await parseFile(path);
  if (named !== undefined || options.data === undefined || !namesModule(options.data)) return options;
  throw new UsageError(
    `--data must be given if the dataset of --config is a module, as its code gets all permissions of this ` +
      `program, found ${JSON.stringify(options.data)} in ${path}. Add --data ${
        shellWord(options.data)
      } if you trust it`,
  );
}

async function parseFile(path: string): Promise<TrainOptions> {
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
    if (!(error instanceof SyntaxError || error instanceof ConfigError)) throw error;
    throw new UsageError(`--config: ${error.message}`);
  }
}
