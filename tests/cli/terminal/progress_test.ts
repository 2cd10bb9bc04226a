import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Progress } from "../../../src/cli/terminal/progress.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { MetricsEvent, StartEvent } from "../../../src/dcgan/run/events.ts";
import { fakeTerminal } from "../terminal.ts";

const start: StartEvent = {
  type: "start",
  config: resolveConfig({ size: 32, steps: 1000, out: "runs/a" }),
  parameters: { generator: 3_576_704, discriminator: 2_765_568 },
  adapter: "a test's own",
  images: 100_000,
  stepsBefore: 0,
};

function metrics(step: number): MetricsEvent {
  return {
    type: "metrics",
    step,
    epoch: 0.4,
    generatorLoss: 2.134,
    discriminatorLossReal: 0.3,
    discriminatorLossFake: 0.312,
    dReal: 0.812,
    dFake: 0.225,
    dFakeAfter: 0.101,
    imagesPerSecond: 412.3,
    secondsLeft: 92,
  };
}

Deno.test("Progress draws one line over and over on a terminal, never wider than it", () => {
  const terminal = fakeTerminal({ isTerminal: true, columns: 40 });
  const progress = new Progress(terminal);
  progress.show(start);
  const before = terminal.output().length;
  progress.show(metrics(1));
  progress.show(metrics(2));
  const drawn = terminal.output().slice(before);
  assertEquals(drawn.includes("\n"), false);
  // deno-lint-ignore no-control-regex -- the escape that clears the rest of a line is what is looked for
  const lines = drawn.split("\r").slice(1).map((line) => line.replace(/\x1b\[K$/, ""));
  assertEquals(lines.length, 2);
  assert(lines.every((line) => line.length <= 39 && line.startsWith("step ")));
});

Deno.test("Progress clears its line before one that stays", () => {
  const terminal = fakeTerminal({ isTerminal: true });
  const progress = new Progress(terminal);
  progress.show(metrics(1));
  progress.show({ type: "samples", step: 1, path: "runs/a/samples/step-000001.png" });
  assert(terminal.output().endsWith("\r\x1b[Kstep 1: runs/a/samples/step-000001.png\n"));
});

Deno.test("Progress writes a line every ten seconds in a pipe, and one at the last step", () => {
  const terminal = fakeTerminal();
  let seconds = 0;
  const progress = new Progress(terminal, () => seconds * 1000);
  progress.show(start);
  const before = terminal.output().length;
  for (let step = 1; step <= 25; step++, seconds++) progress.show(metrics(step));
  progress.show(metrics(1000));
  const lines = terminal.output().slice(before).trimEnd().split("\n");
  assertEquals(lines.map((line) => line.split("/")[0]), ["step 1", "step 11", "step 21", "step 1000"]);
  assertEquals(terminal.output().includes("\x1b"), false);
});

Deno.test("Progress tells at the start what is trained, and at the end where it lies", () => {
  const terminal = fakeTerminal();
  const progress = new Progress(terminal);
  progress.show(start);
  progress.show({
    type: "end",
    step: 1000,
    seconds: 125,
    out: "runs/a",
    interrupted: false,
    flat: false,
    verdict: undefined,
    best: undefined,
  });
  const text = terminal.output();
  for (
    const words of [
      "faces, 100000 images of 32x32x3",
      "3.58 M parameters",
      "1000 steps of 64 images on a test's own",
    ]
  ) {
    assertStringIncludes(text, words);
  }
  assert(text.endsWith("Trained 1000 steps in 2 min 05 s. Run folder: runs/a\n"));
});

Deno.test("Progress counts down to when a run is ended, not to the end of its steps", () => {
  let seconds = 0;
  const terminal = fakeTerminal({ isTerminal: true });
  const progress = new Progress(terminal, () => seconds * 1000, 110);
  progress.show(start);
  for (const [time, left] of [[0, "1:32"], [30, "1:20"], [120, "0:00"]] as const) {
    seconds = time;
    progress.show(metrics(1));
    const line = terminal.output().split("\r").at(-1)!;
    assertStringIncludes(line, `  ${left} left  `);
  }
});

Deno.test("Progress counts one of something as one", () => {
  const terminal = fakeTerminal();
  const progress = new Progress(terminal);
  progress.show({ ...start, images: 1, config: { ...start.config, steps: 1, batch: 1 } });
  progress.show({
    type: "end",
    step: 1,
    seconds: 1,
    out: "runs/a",
    interrupted: false,
    flat: false,
    verdict: undefined,
    best: undefined,
  });
  progress.show({ ...start, stepsBefore: 1 });
  progress.show({
    type: "end",
    step: 2,
    seconds: 1,
    out: "runs/a",
    interrupted: false,
    flat: false,
    verdict: undefined,
    best: undefined,
  });
  for (
    const words of [
      "faces, 1 image of 32x32x3\n",
      "1 step of 1 image on",
      "\nTrained 1 step in 1.0 s.",
      "\nTrained 1 more step, 2 in all, in",
    ]
  ) {
    assertStringIncludes(terminal.output(), words);
  }
});

Deno.test("Progress shows warnings in one line, without what a terminal would obey", () => {
  const terminal = fakeTerminal();
  const progress = new Progress(terminal);
  progress.show({ type: "warning", message: "Skipped new\nline\x1b[31mred.jpg: The file is empty" });
  progress.show({ type: "dataset", message: "Listing a\x1b[2Jb" });
  assertEquals(
    terminal.output(),
    "warning: Skipped new\\nline\\x1b[31mred.jpg: The file is empty\nListing a\\x1b[2Jb\n",
  );
});
