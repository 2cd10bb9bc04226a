import { assertEquals } from "@std/assert";
import { Interrupt } from "../../src/cli/interrupt.ts";

const interrupt = new URL("../../src/cli/interrupt.ts", import.meta.url).href;

/** Runs a program that catches Ctrl-C and then sends itself some, and returns its exit code and output. */
async function run(signals: number): Promise<[code: number, output: string]> {
  const source = `
    import { Interrupt } from ${JSON.stringify(interrupt)};
    using interrupt = new Interrupt(() => console.log("first"));
    for (let i = 0; i < ${signals}; i++) {
      Deno.kill(Deno.pid, "SIGINT");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    console.log(interrupt.signal.aborted);`;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", source] }).output();
  return [code, new TextDecoder().decode(stdout)];
}

const ignore = Deno.build.os === "windows"; // where a process cannot send itself Ctrl-C

Deno.test(
  { name: "Interrupt aborts at the first Ctrl-C, and lets the program end by itself", ignore },
  async () => {
    assertEquals(await run(1), [0, "first\ntrue\n"]);
  },
);

Deno.test({ name: "Interrupt ends the program at the second Ctrl-C", ignore }, async () => {
  assertEquals(await run(2), [130, "first\n"]);
});

Deno.test("Interrupt aborts as something else does that ends the run", () => {
  const other = new AbortController();
  using interrupt = new Interrupt(() => {}, other.signal);
  assertEquals(interrupt.signal.aborted, false);
  other.abort("enough");
  assertEquals(interrupt.signal.reason, "enough");
});

Deno.test({ name: "Interrupt does nothing without Ctrl-C", ignore }, async () => {
  assertEquals(await run(0), [0, "false\n"]);
});
