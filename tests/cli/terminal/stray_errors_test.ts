import { assertEquals, assertMatch } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { StrayErrors } from "../../../src/cli/terminal/stray_errors.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { fakeTerminal } from "../terminal.ts";

/** Waits until promises that nothing waits for have been found out. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

Deno.test("StrayErrors tells the first error that nothing catches, by its plugin, and aborts", async () => {
  const terminal = fakeTerminal();
  {
    using strays = new StrayErrors(terminal);
    strays.plugin = "./mine.ts";
    assertEquals(strays.signal.aborted, false);
    Promise.reject(new Error("no \x1b[31mluck"));
    await turn();
    assertEquals(strays.signal.aborted, true);
    setTimeout(() => {
      throw new Error("again");
    });
    await turn();
  }
  assertEquals(
    [terminal.output(), terminal.errors()],
    ["", 'error: Dataset plugin "./mine.ts" threw an error that nothing caught: no \\x1b[31mluck\n'],
  );
});

Deno.test("StrayErrors tells errors of the program as they are, off the progress line", async () => {
  const terminal = fakeTerminal({ isTerminal: true });
  using strays = new StrayErrors(terminal);
  setTimeout(() => {
    throw new Error("out of memory");
  });
  await turn();
  assertEquals([terminal.output(), terminal.errors()], ["\r\x1b[K", "error: out of memory\n"]);
  assertEquals(strays.signal.aborted, true);
});

Deno.test("main() tells an error that comes up only as the command ends", async () => {
  const late = `export default { apiVersion: 1, name: "late", open({ size }) {
    Promise.reject(new Error("lost"));
    return { length: 3, shape: [size, size, 1], read() {} };
  } };`;
  await withFiles({ "late.ts": late }, async (folder) => {
    const terminal = fakeTerminal();
    assertEquals(await main(["datasets", "info", `${folder}/late.ts`], terminal), 1);
    assertMatch(
      terminal.errors(),
      /^error: Dataset plugin ".*late\.ts" threw .* caught: lost \(.*late\.ts:2:\d+\)\n$/,
    );
  });
});
