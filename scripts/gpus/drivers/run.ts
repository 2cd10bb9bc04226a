/**
 * Runs a program, and gives what it writes to its standard output.
 *
 * @throws {Error} with the end of what it wrote, if it fails.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: Pick<Deno.CommandOptions, "cwd" | "env"> = {},
): Promise<string> {
  const { success, code, signal, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...options,
  })
    .output();
  const text = new TextDecoder().decode(stdout);
  if (success) return text;
  const written = `${text}\n${new TextDecoder().decode(stderr)}`.replace(/\nStack backtrace:[^]*$/, "");
  const end = written.trim().split("\n").slice(-5).join("\n");
  throw new Error(`${program.split("/").at(-1)} ended with ${signal ?? code}: ${end}`);
}
