import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { profileText } from "../../../src/cli/terminal/profile_text.ts";
import { Progress } from "../../../src/cli/terminal/progress.ts";
import type { ProfileEvent } from "../../../src/dcgan/run/events.ts";
import { fakeTerminal } from "../terminal.ts";

const event: ProfileEvent = {
  type: "profile",
  step: 12,
  path: "runs/a/profile.json",
  profile: {
    adapter: "a test's own",
    firstStep: 3,
    lastStep: 12,
    runs: 10,
    limit: 80,
    launches: 8,
    milliseconds: 100,
    gflops: 20,
    shareOfLimit: 0.25,
    rows: [
      {
        kernel: "conv2d weight gradient tiled 128x128",
        detail: "128x32x32x64 -> 128",
        launches: 2,
        milliseconds: 90.4,
        share: 0.904,
        gflops: 22.1,
        shareOfLimit: 0.27625,
      },
      { kernel: "adam update", launches: 2, milliseconds: 8, share: 0.08 },
      { kernel: "add parts", launches: 3, milliseconds: 0.9, share: 0.009 },
      { kernel: "advance", launches: 1, milliseconds: 0.7, share: 0.007 },
    ],
  },
};

Deno.test("profileText() shows kernels that count one by one, the others as one, and the sum", () => {
  assertEquals(
    profileText(event),
    `Time of a step on the GPU, medians of steps 3 to 12. The adapter's limit is 80.0 GFLOP/s.

kernel                                              sizes  launches    ms  share  GFLOP/s  of limit
------------------------------------  -------------------  --------  ----  -----  -------  --------
conv2d weight gradient tiled 128x128  128x32x32x64 -> 128         2  90.4   90 %     22.1      28 %
adam update                                                       2  8.00  8.0 %
2 others                                                          4  1.60  1.6 %
all                                                               8   100  100 %     20.0      25 %

In full: runs/a/profile.json`,
  );
});

Deno.test("profileText() fits a hundred columns with the longest names there are", () => {
  const long = profileText(event).split("\n");
  assert(Math.max(...long.map(({ length }) => length)) <= 100, long.join("\n"));
});

Deno.test("Progress shows a profile where it clears its line", () => {
  const terminal = fakeTerminal();
  new Progress(terminal).show(event);
  assertEquals(terminal.output(), `${profileText(event)}\n`);
});
