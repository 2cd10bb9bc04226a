import { assertEquals } from "@std/assert";
import { Interrupt } from "../../../src/cli/terminal/interrupt.ts";

const interrupt = new URL("../../../src/cli/terminal/interrupt.ts", import.meta.url).href;

/** Runs a program that catches signals and then sends itself some, and returns its exit code and output. */
async function run(
  signals: readonly Deno.Signal[],
  before = "",
  options = "",
): Promise<[code: number, output: string]> {
  const source = `
    import { Interrupt } from ${JSON.stringify(interrupt)};
    using interrupt = new Interrupt(() => console.log("first"), undefined, {${options}});
    for (const signal of ${JSON.stringify(signals)}) {
      Deno.kill(Deno.pid, signal);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    console.log(interrupt.signal.aborted);`;
  const command = before === ""
    ? new Deno.Command(Deno.execPath(), { args: ["eval", source] })
    : new Deno.Command("sh", { args: ["-c", `${before}; exec "$0" eval "$1"`, Deno.execPath(), source] });
  const { code, stdout } = await command.output();
  return [code, new TextDecoder().decode(stdout)];
}

const ignore = Deno.build.os === "windows"; // where a process cannot send itself Ctrl-C

Deno.test(
  { name: "Interrupt aborts at the first Ctrl-C, and lets the program end by itself", ignore },
  async () => {
    assertEquals(await run(["SIGINT"]), [0, "first\ntrue\n"]);
  },
);

Deno.test({ name: "Interrupt ends the program at the second Ctrl-C", ignore }, async () => {
  assertEquals(await run(["SIGINT", "SIGINT"]), [130, "first\n"]);
});

Deno.test("Interrupt aborts as something else does that ends the run", () => {
  const other = new AbortController();
  using interrupt = new Interrupt(() => {}, other.signal);
  assertEquals(interrupt.signal.aborted, false);
  other.abort("enough");
  assertEquals(interrupt.signal.reason, "enough");
});

Deno.test({ name: "Interrupt does nothing without Ctrl-C", ignore }, async () => {
  assertEquals(await run([]), [0, "false\n"]);
});

Deno.test({ name: "Interrupt takes SIGTERM, SIGHUP and SIGQUIT for Ctrl-C", ignore }, async () => {
  for (const signal of ["SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
    assertEquals(await run([signal]), [0, "first\ntrue\n"], signal);
  }
  assertEquals(await run(["SIGTERM", "SIGTERM"]), [130, "first\n"]);
  assertEquals(await run(["SIGTERM", "SIGINT"]), [130, "first\n"]);
});

Deno.test(
  { name: "Interrupt does not hurry where a closed terminal says so more than once", ignore },
  async () => {
    assertEquals(await run(["SIGHUP", "SIGHUP", "SIGTERM"]), [0, "first\ntrue\n"]);
  },
);

Deno.test(
  { name: "Interrupt leaves alone what nohup wants to be ignored", ignore: Deno.build.os !== "linux" },
  async () => {
    assertEquals(await run(["SIGHUP"], "trap '' HUP"), [0, "false\n"]);
    assertEquals(await run(["SIGQUIT", "SIGHUP"], "trap '' QUIT"), [0, "first\ntrue\n"]);
  },
);

Deno.test({ name: "Interrupt takes SIGUSR2, as often as it comes", ignore }, async () => {
  assertEquals(await run(["SIGUSR2", "SIGUSR2", "SIGUSR2"]), [0, "first\ntrue\n"]);
});

Deno.test({ name: "Interrupt leaves it to a launcher to end a process at once", ignore }, async () => {
  assertEquals(await run(["SIGTERM", "SIGTERM", "SIGINT"], "", "isLaunched: true"), [0, "first\ntrue\n"]);
});
