import { assertEquals } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { fakeTerminal } from "../terminal.ts";

/** Calls `datasets` as a person would type it. */
export async function call(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(["datasets", ...words], terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** Calls `datasets`, which must succeed, and returns its output. */
export async function good(...words: string[]): Promise<string> {
  const { code, output, errors } = await call(...words);
  assertEquals([code, errors], [0, ""], output);
  return output;
}
