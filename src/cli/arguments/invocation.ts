import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { denoCommand } from "./deno_command.ts";
import { shellWord } from "./shell_word.ts";

/** How a person starts this program, to copy from a message: from a clone, or from the registry. */
export function invocation(cli: URL = new URL("../../../cli.ts", import.meta.url)): string {
  if (cli.protocol !== "file:") return `${denoCommand()} run -A jsr:@x/dcgan/cli`;
  const path = fileURLToPath(cli);
  const fromHere = relative(Deno.cwd(), path);
  const isBelow = !fromHere.startsWith("..") && !isAbsolute(fromHere);
  return `${denoCommand()} run -A ${shellWord(isBelow ? fromHere : path)}`;
}
