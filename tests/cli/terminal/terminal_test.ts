import { assertEquals } from "@std/assert";
import { type Stream, writerTo } from "../../../src/cli/terminal/terminal.ts";

/** A stream that takes a few bytes at a time, and fails in some turns. */
function stream(failures: readonly (Error | undefined)[]): Stream & { text: () => string } {
  let written = "";
  let turn = 0;
  return {
    text: () => written,
    writeSync(bytes) {
      const failure = failures[turn++];
      if (failure) throw failure;
      const some = bytes.subarray(0, 4);
      written += new TextDecoder().decode(some);
      return some.length;
    },
  };
}

Deno.test("writerTo() writes all of a text, however little is taken at once", () => {
  const slow = stream([undefined, new Deno.errors.WouldBlock("later"), undefined]);
  const failures: string[] = [];
  writerTo(slow, ({ message }) => failures.push(message))("one two three\n");
  assertEquals([slow.text(), failures], ["one two three\n", []]);
});

Deno.test("writerTo() drops what cannot be written, tells it once, and goes on", () => {
  const full = new Error("No space left on device (os error 28)");
  const disk = stream([full, full, undefined]);
  const failures: string[] = [];
  const write = writerTo(disk, ({ message }) => failures.push(message));
  for (const text of ["a\n", "b\n", "c\n"]) write(text);
  assertEquals([disk.text(), failures], ["c\n", [full.message]]);
  // Whoever goes away wants to hear no more
  writerTo(stream([new Deno.errors.BrokenPipe("gone")]), ({ message }) => failures.push(message))("a\n");
  assertEquals(failures.length, 1);
});

Deno.test({
  name: "cli.ts ends with its own exit code where standard output is full, and says so once",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const cli = new URL("../../../cli.ts", import.meta.url).pathname;
    const run = async (command: string) => {
      const args = ["-c", `"${Deno.execPath()}" run -A "${cli}" ${command}`];
      const { code, stderr } = await new Deno.Command("sh", { args }).output();
      return [code, new TextDecoder().decode(stderr)];
    };
    const warning =
      "warning: cannot write to standard output; the command continues: No space left on device (os error 28)\n";
    assertEquals(await run("datasets list > /dev/full"), [0, warning]);
    assertEquals(await run("--help > /dev/full"), [0, warning]);
    assertEquals(await run("datasets list | head -1 > /dev/null"), [0, ""]);
  },
});
