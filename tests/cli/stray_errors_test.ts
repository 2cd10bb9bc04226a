import { assertEquals } from "@std/assert";
import { StrayErrors } from "../../src/cli/stray_errors.ts";
import { fakeTerminal } from "./terminal.ts";

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
