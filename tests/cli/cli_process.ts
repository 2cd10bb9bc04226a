import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

/** Path of the command line. */
export const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** Flags of a run whose steps take milliseconds. */
export const TINY =
  "--preset pytorch --size 16 --ngf 4 --ndf 4 --latent 8 --batch 4 --samples 4 --score-every 0";

/** Starts the command line as a person would, with its output in a pipe. */
export function start(line: string, env: Record<string, string> = {}): Deno.ChildProcess {
  const args = ["run", "-A", CLI, ...line.split(" ")];
  return new Deno.Command(Deno.execPath(), { args, env, stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
}

/** What a process wrote, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Waits for a process. Whenever it writes more, `watch` receives all output so far. */
export async function end(
  child: Deno.ChildProcess,
  watch: (output: string) => void = () => {},
): Promise<Ended> {
  const errors = new Response(child.stderr).text();
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) watch(output += text);
  const { code } = await child.status;
  return { code, output, errors: await errors };
}

/** Runs the command line, which must succeed, and returns its output. */
export async function run(line: string, env: Record<string, string> = {}): Promise<string> {
  const { code, output, errors } = await end(start(line, env));
  assertEquals([code, errors], [0, ""], output);
  return output;
}

export { namesIn, withFolder } from "../support/temp_folder.ts";

/** Whether tests cannot send Ctrl-C to a process here. */
export const noCtrlC = Deno.build.os === "windows";
