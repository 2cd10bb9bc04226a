/**
 * `deno task demo`: trains a small DCGAN on the built-in faces for less than two minutes, by the recipe that suits this
 * machine, and says where the pictures are.
 */
import { openDevice, train } from "../mod.ts";
import { invocation } from "../src/cli/arguments/invocation.ts";
import { Progress } from "../src/cli/terminal/progress.ts";
import { systemTerminal } from "../src/cli/terminal/terminal.ts";

/** Minutes that the steps are planned for, and samples and scores with them. */
const MINUTES = 1.6;

/** With set-up, downloads and the first compilation of kernels, the whole demo stays under three minutes. */
const SECONDS = 110;

const progress = new Progress(systemTerminal(), undefined, SECONDS);
using device = await openDevice();
const events = train(device, {
  data: "faces",
  size: 32,
  preset: "auto",
  minutes: MINUTES,
  signal: AbortSignal.timeout(SECONDS * 1000),
});
for await (const event of events) {
  progress.show(event);
  if (event.type !== "end") continue;
  if (event.interrupted) progress.line("The time of the demo is over; more steps make better faces.");
  progress.line(
    `The faces it learned from: ${event.out}/real.png\n` +
      `What it draws, as it learned: ${event.out}/samples\n` +
      `Draw more: ${invocation()} sample ${event.out} --count 64 --seed 7 --out faces.png`,
  );
}
