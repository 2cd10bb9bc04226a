import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { WorkInFlight } from "../../../src/gpu/timing/work_in_flight.ts";

/** Milliseconds that a wait takes when there is nothing to wait for. */
const SLEEP = 20;

/** Operations of a run. */
const COST = 1000;

/** A GPU that takes so many seconds for a run, under a clock that moves only when told to. */
class FakeGpu implements Disposable {
  readonly inFlight: WorkInFlight;
  readonly program = {};
  seconds: number;
  #now = performance.now;
  #time = 1000;
  #doneAt = 0;

  constructor(seconds: number, software = false) {
    this.seconds = seconds;
    this.inFlight = new WorkInFlight({ software });
    performance.now = () => this.#time;
  }

  /** Seconds of what is submitted and not done. */
  get ahead(): number {
    return Math.max(0, this.#doneAt - this.#time) / 1000;
  }

  run(kind: object = this.program, seconds = this.seconds): void {
    this.inFlight.add(kind, COST);
    this.#doneAt = Math.max(this.#time, this.#doneAt) + seconds * 1000;
  }

  /** The host does something else. */
  pass(seconds: number): void {
    this.#time += seconds * 1000;
  }

  wait(): void {
    const land = this.inFlight.depart();
    this.#time = Math.max(this.#time, this.#doneAt) + SLEEP;
    land();
  }

  [Symbol.dispose](): void {
    performance.now = this.#now;
  }
}

Deno.test("WorkInFlight is full after the first run of a program, of which no time is known", () => {
  using gpu = new FakeGpu(0.01);
  assertEquals(gpu.inFlight.isFull, false);
  gpu.run();
  assertEquals(gpu.inFlight.isFull, true);
  gpu.wait();
  assertEquals(gpu.inFlight.isFull, false);
  gpu.run();
  assertEquals(gpu.inFlight.isFull, false);
  gpu.run({});
  assertEquals(gpu.inFlight.isFull, true);
});

for (const seconds of [0.0005, 0.01, 0.3, 1.5, 20]) {
  Deno.test(`WorkInFlight keeps runs of ${seconds} s to two seconds ahead, and waits are rare`, () => {
    using gpu = new FakeGpu(seconds);
    let [waits, most] = [0, 0];
    const runs = Math.ceil(60 / seconds);
    for (let run = 0; run < runs; run++) {
      if (gpu.inFlight.isFull) {
        gpu.wait();
        waits++;
      }
      gpu.run();
      most = Math.max(most, gpu.ahead);
    }
    assert(most <= 2 + seconds + 1e-6, `${most} s ahead`);
    assert(waits <= Math.min(runs, 60 / 2 + 10), `${waits} waits in 60 s`);
  });
}

Deno.test("WorkInFlight follows a GPU that becomes slower, after one time of what it was", () => {
  using gpu = new FakeGpu(0.01);
  const most = () => {
    let ahead = 0;
    for (let run = 0; run < 1000; run++) {
      if (gpu.inFlight.isFull) gpu.wait();
      gpu.run();
      ahead = Math.max(ahead, gpu.ahead);
    }
    return ahead;
  };
  assert(most() <= 2.1);
  gpu.seconds = 0.05;
  gpu.wait();
  gpu.run();
  gpu.wait();
  assert(most() <= 2.1);
});

Deno.test("WorkInFlight sees work that the host submits slowly as slow: the loop must give way now and then", () => {
  using gpu = new FakeGpu(0.001);
  gpu.run();
  gpu.wait();
  let [since, longest] = [0, 0];
  for (let run = 0; run < 1000; run++) {
    if (gpu.inFlight.isFull) {
      gpu.wait();
      since = 0;
    }
    gpu.run();
    gpu.pass(0.1);
    since += 0.1;
    if (run > 100) longest = Math.max(longest, since);
  }
  assert(longest <= 2.2, `${longest} s`);
});

Deno.test("WorkInFlight counts time between waits as that of what was submitted, in proportion", () => {
  using gpu = new FakeGpu(0.1);
  const other = {};
  for (const [kind, seconds] of [[gpu.program, 0.1], [other, 0.4]] as const) {
    for (let run = 0; run < 3; run++) {
      gpu.run(kind, seconds);
      gpu.wait();
    }
  }
  const of = (kind: object) => 0.5 * COST / gpu.inFlight.mostInSubmit(kind, "atMost");
  assertAlmostEquals(of(gpu.program), 0.12, 1e-9);
  assertAlmostEquals(of(other), 0.42, 1e-9);
  // Both take twice as long now
  for (let run = 0; run < 4; run++) gpu.run(gpu.program, 0.24);
  gpu.run(other, 0.84);
  gpu.wait();
  assertAlmostEquals(of(gpu.program), 2 * 0.12, 0.01);
  assertAlmostEquals(of(other), 2 * 0.42, 0.02);
});

Deno.test("WorkInFlight takes a slow GPU for granted until two waits have shown how fast it is", () => {
  using gpu = new FakeGpu(4);
  const careful = gpu.inFlight.mostInSubmit(gpu.program, "atMost");
  // Half a second at 100 GFLOP/s
  assertAlmostEquals(careful, 0.5 * 1e11, 1);
  gpu.run();
  gpu.wait();
  // The first time may be that of compiling
  assertEquals(gpu.inFlight.mostInSubmit(gpu.program, "atMost"), careful);
  gpu.seconds = 1;
  gpu.run();
  gpu.wait();
  assertAlmostEquals(gpu.inFlight.mostInSubmit(gpu.program, "atMost"), COST / (2 * 1.02), 1e-6);
});

Deno.test("WorkInFlight lets submits be as long as they are on the processor, where no driver watches", () => {
  using gpu = new FakeGpu(4, true);
  for (let run = 0; run < 3; run++) {
    assertEquals(gpu.inFlight.mostInSubmit(gpu.program, "atMost"), Infinity);
    gpu.run();
    assertEquals(gpu.inFlight.isFull, true);
    gpu.wait();
  }
});

Deno.test("WorkInFlight.secondsAtLeast() is what waits took, not what the host did meanwhile", () => {
  using gpu = new FakeGpu(0.5);
  assertEquals(gpu.inFlight.secondsAtLeast(gpu.program, COST), 0);
  for (let run = 0; run < 3; run++) {
    gpu.run();
    gpu.pass(30); // A picture is read
    gpu.wait();
  }
  assertEquals(gpu.inFlight.secondsAtLeast(gpu.program, COST), 0);
  using busy = new FakeGpu(0.5);
  for (const seconds of [9, 0.7, 0.5, 60]) {
    busy.run(busy.program, seconds);
    busy.wait();
  }
  assertAlmostEquals(busy.inFlight.secondsAtLeast(busy.program, COST), 0.5, 1e-9);
});

Deno.test("WorkInFlight is full at half a GiB of uploads, however fast the GPU is", () => {
  using gpu = new FakeGpu(0.0001);
  gpu.run();
  gpu.wait();
  const bytes = 2 ** 20;
  let steps = 0;
  while (!gpu.inFlight.isFull) {
    gpu.inFlight.upload(bytes);
    steps++;
  }
  assertEquals(steps, 512);
  gpu.wait();
  assertEquals(gpu.inFlight.isFull, false);
});

Deno.test("WorkInFlight takes waits that fail, and those that overtake each other", () => {
  using gpu = new FakeGpu(0.1);
  const { inFlight } = gpu;
  gpu.run();
  inFlight.depart(); // Never ends
  assertEquals(inFlight.isFull, true);
  const first = inFlight.depart();
  gpu.run();
  gpu.wait();
  assertEquals(inFlight.isFull, false);
  gpu.run();
  first();
  assertEquals(inFlight.isFull, false);
  gpu.wait();
  assertEquals(inFlight.isFull, false);
});
