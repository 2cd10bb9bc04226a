import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import { shellWord } from "../../src/cli/arguments/shell_word.ts";
import { withFolder } from "../support/temp_folder.ts";
import { fakeTerminal } from "./terminal.ts";

/** Runs a command on a device that is lost once it has written a text. */
async function runUntil(text: string, args: readonly string[]) {
  const { requestDevice } = GPUAdapter.prototype;
  let device: GPUDevice | undefined;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    return device = await requestDevice.apply(this, given);
  };
  const terminal = fakeTerminal();
  const write = (line: string): void => {
    terminal.write(line);
    if (terminal.output().includes(text)) device!.destroy();
  };
  try {
    const code = await main(args, { ...terminal, write });
    return { code, output: terminal.output(), errors: terminal.errors() };
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice;
  }
}

Deno.test("train says how to resume a run whose device was lost, and that does it", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/a run`;
    const flags = "--preset pytorch --data faces --size 16 --ngf 4 --ndf 4 --batch 4 --samples 4 --steps 12";
    const rare = "--no-report --score-every 0 --sample-every 0 --checkpoint-every 5 --log-every 0";
    const args = ["train", ...flags.split(" "), ...rare.split(" "), "--out", out];
    const lost = await runUntil("step 5: checkpoint", args);
    assertEquals(lost.code, 1);
    assertStringIncludes(lost.errors, "was lost");
    assertStringIncludes(lost.errors, `Start again from the last checkpoint: `);
    assertStringIncludes(lost.errors, `train --resume ${shellWord(out)}\n`);
    const again = await runUntil("never", ["train", "--resume", out]);
    assertEquals([again.code, again.errors], [0, ""]);
    assertStringIncludes(again.output, "step 12: checkpoint");
  });
});
