import { host } from "../../../host/host.ts";

/** What a token may be: what can stand in a header. */
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * The user's token: of the file that is named, of the variable `HF_TOKEN`, or of the file where Hugging Face's own tools
 * keep it.
 *
 * @throws {RangeError} if there is none. It never tells what is in a file.
 */
export async function hubToken(file?: string): Promise<string> {
  const variable = host().env("HF_TOKEN")?.trim();
  if (file === undefined && variable) return checked(variable, "HF_TOKEN");
  const path = file ?? ownFile();
  const text = path === undefined ? undefined : await host().readTextFile(path).catch((error) => {
    // Only a file that was named must be there
    if (file === undefined && host().problemOf(error) !== undefined) return undefined;
    throw new RangeError(`Cannot upload: the token must be in ${path}, found no file that can be read`, {
      cause: error,
    });
  });
  if (text?.trim()) return checked(text.trim(), path!);
  throw new RangeError(
    `Cannot upload: a token must be given, found none. Make one that may write at https://huggingface.co/settings/tokens, ` +
      `and set HF_TOKEN to it, or put it into a file and name that (--token-file)`,
  );
}

function checked(token: string, where: string): string {
  if (TOKEN.test(token)) return token;
  throw new RangeError(`Cannot upload: the token in ${where} must be one word, found other characters`);
}

/** Where Hugging Face's own tools keep it. */
function ownFile(): string | undefined {
  const { path } = host();
  const named = host().env("HF_TOKEN_PATH");
  if (named) return named;
  const folder = host().env("HF_HOME");
  if (folder) return path.join(folder, "token");
  const home = host().env("HOME") ?? host().env("USERPROFILE");
  return home === undefined ? undefined : path.join(home, ".cache", "huggingface", "token");
}
