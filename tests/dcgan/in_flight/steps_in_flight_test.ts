import { assert, assertEquals, assertMatch } from "@std/assert";
import { train } from "../../../src/dcgan/train.ts";
import { Device } from "../../../src/gpu/mod.ts";
import { Clock } from "../../support/clock.ts";
import { gpuTest } from "../../support/gpu.ts";
import { bytesOf, makeTrainer, runSteps, tiny, withFolder } from "../tiny.ts";

/** Seconds of a step under {@linkcode Waits}. */
const STEP = 0.1;

/** Counts waits for the GPU, on which each submit takes a tenth of a second. */
class Waits implements Disposable {
  count = 0;
  readonly #restore = new DisposableStack();

  constructor() {
    const clock = this.#restore.use(new Clock());
    const { submit } = GPUQueue.prototype;
    const { mapAsync } = GPUBuffer.prototype;
    const waiting = (): void => void this.count++;
    GPUQueue.prototype.submit = function (...args) {
      clock.pass(STEP);
      return submit.apply(this, args);
    };
    GPUBuffer.prototype.mapAsync = function (...args) {
      waiting();
      return mapAsync.apply(this, args);
    };
    this.#restore.defer(() => {
      Object.assign(GPUQueue.prototype, { submit });
      Object.assign(GPUBuffer.prototype, { mapAsync });
    });
  }

  [Symbol.dispose](): void {
    this.#restore.dispose();
  }
}

const quiet = { ...tiny, sampleEvery: 0, checkpointEvery: 0, logEvery: 3600 } as const;

gpuTest("train() waits for the GPU every two seconds of work, however rarely it reports", async (device) => {
  await withFolder(async (out) => {
    using waits = new Waits();
    let [longest, since, before] = [0, 0, 0];
    let reports = 0;
    const beforeStep = (): void => {
      since = waits.count === before ? since + 1 : 0;
      before = waits.count;
      longest = Math.max(longest, since);
    };
    for await (const { type } of train(device, { ...quiet, out, steps: 200 }, { beforeStep })) {
      if (type === "metrics") reports++;
    }
    assert(longest <= 2 / STEP, `${longest} steps without a wait`);
    assert(longest >= 1 / STEP, `waits after ${longest} steps at the most`);
    // After 1, 4, 16, 64 and the rest of the steps
    assertEquals(reports, 5);
  });
});

gpuTest("train() ends soon after its signal aborts, however rarely it reports", async (device) => {
  await withFolder(async (out) => {
    using _waits = new Waits();
    const controller = new AbortController();
    let done = 0;
    const beforeStep = (step: number): void => {
      done = step + 1;
      // As Ctrl-C is: heard only when the loop waits
      if (step === 100) setTimeout(() => controller.abort());
    };
    const { signal } = controller;
    for await (const event of train(device, { ...quiet, out, steps: 4000, signal }, { beforeStep })) {
      if (event.type === "end") assertEquals([event.interrupted, event.step], [true, done]);
    }
    assert(done > 100 && done <= 101 + 2 / STEP + 1, `${done} steps`);
  });
});

gpuTest("Trainer makes the same of steps that are cut into submits", async (shared) => {
  // As if it was a graphics card, whose driver watches it
  const device = new Device(shared.gpu, { ...shared.adapter, software: false }, shared.capabilities);
  using _buffers = { [Symbol.dispose]: () => device.ledger.destroyAll() };
  const found: { bytes: Uint8Array; submits: number }[] = [];
  for (const most of [Infinity, 2 ** 20]) {
    device.inFlight.mostInSubmit = () => most;
    using trainer = makeTrainer(device);
    await device.settled();
    let submits = 0;
    const { submit } = GPUQueue.prototype;
    GPUQueue.prototype.submit = function (...args) {
      submits++;
      return submit.apply(this, args);
    };
    try {
      runSteps(trainer, 3);
    } finally {
      GPUQueue.prototype.submit = submit;
    }
    found.push({ bytes: await bytesOf(trainer), submits });
  }
  const [whole, cut] = found;
  assertEquals(whole!.submits, 3);
  assert(cut!.submits > 10, `${cut!.submits} submits`);
  assertEquals(cut!.bytes, whole!.bytes);
});

gpuTest("train() says once that a kernel takes longer than a submit should", async (shared) => {
  const told: Record<string, string[]> = {};
  for (const [kind, software] of [["card", false], ["processor", true]] as const) {
    const device = new Device(shared.gpu, { ...shared.adapter, software }, shared.capabilities);
    using _buffers = { [Symbol.dispose]: () => device.ledger.destroyAll() };
    // As if each step took a minute, all of it in waits
    device.inFlight.secondsAtLeast = (_kind, operations) => operations * 1e-3;
    await withFolder(async (out) => {
      const warnings: string[] = [];
      for await (const event of train(device, { ...quiet, out, steps: 3, logEvery: 0 })) {
        if (event.type === "warning") warnings.push(event.message);
      }
      told[kind] = warnings;
    });
  }
  assertEquals(told.processor, []);
  const [warning, ...others] = told.card!;
  assertEquals(others, []);
  assertMatch(
    warning!,
    /^The kernel '.+' takes about \d+\.\d s of each step on .+ Drivers reset a graphics card/,
  );
});
