import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { StrayErrors } from "../../../src/cli/terminal/stray_errors.ts";
import { watching } from "../../../src/cli/terminal/watching.ts";
import { fakeTerminal } from "../terminal.ts";

const PROGRESS = { what: "the files", done: 2 ** 20, total: 2 ** 21, unit: "bytes" } as const;

Deno.test("watching() shows messages and progress, and takes the progress line away at the end", async () => {
  for (const onError of [false, true]) {
    const terminal = fakeTerminal({ isTerminal: true });
    using strayErrors = new StrayErrors(terminal);
    const session = { terminal, strayErrors, exitCode: 0 };
    await watching(session, ({ report, progress, signal }) => {
      report("Reading");
      progress(PROGRESS);
      assertEquals(signal.aborted, false);
      return Promise.resolve();
    }, { onError });
    const [shown, silent] = [terminal.output(), terminal.errors()];
    const told = onError ? silent : shown;
    assertEquals(onError ? shown : silent, "");
    assertEquals(
      told.startsWith("Reading\n\rthe files  1.00 MiB of 2.00 MiB, 50 %"),
      true,
      JSON.stringify(told),
    );
    assertEquals(told.endsWith("\r\x1b[K"), true, JSON.stringify(told));
    assertEquals(session.exitCode, 0);
  }
});

Deno.test("watching() ends with the exit code of Ctrl-C if it was stopped, and else with the error", async () => {
  const terminal = fakeTerminal();
  using strayErrors = new StrayErrors(terminal);
  const session = { terminal, strayErrors, exitCode: 0 };
  await assertRejects(
    () => watching(session, () => Promise.reject(new RangeError("broken"))),
    RangeError,
    "broken",
  );
  assertEquals(session.exitCode, 0);
  await watching(session, async ({ signal }) => {
    dispatchEvent(new ErrorEvent("error", { error: new Error("stray"), cancelable: true }));
    await Promise.resolve();
    signal.throwIfAborted();
  });
  assertEquals(session.exitCode, 130);
});
