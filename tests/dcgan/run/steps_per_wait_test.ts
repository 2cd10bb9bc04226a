import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Pace } from "../../../src/dcgan/run/steps_per_wait.ts";

/** A pace under a clock that moves only when told to. */
function withClock(interval: number, body: (pace: Pace, wait: (seconds: number) => void) => void): void {
  const { now } = performance;
  let time = 1000;
  performance.now = () => time;
  try {
    body(new Pace(interval), (seconds) => time += seconds * 1000);
  } finally {
    performance.now = now;
  }
}

Deno.test("Pace starts with one step, and grows to as many as fit the interval", () => {
  withClock(2, (pace, wait) => {
    const taken: number[] = [];
    for (let i = 0; i < 6; i++) {
      taken.push(pace.steps);
      wait(pace.steps / 50); // 50 steps a second
      assertAlmostEquals(pace.measure(pace.steps), 50, 1e-6);
    }
    assertEquals(taken, [1, 4, 16, 64, 100, 100]);
  });
});

Deno.test("Pace follows at once when steps become slower", () => {
  withClock(1, (pace, wait) => {
    for (let i = 0; i < 6; i++) {
      wait(pace.steps / 100);
      pace.measure(pace.steps);
    }
    assertEquals(pace.steps, 100);
    wait(20);
    assertEquals(pace.measure(100), 5);
    assertEquals(pace.steps, 5);
  });
});

Deno.test("Pace waits after every step where one takes longer than the interval, or the interval is 0", () => {
  for (const interval of [0, 1]) {
    withClock(interval, (pace, wait) => {
      for (let i = 0; i < 3; i++) {
        wait(3);
        pace.measure(1);
        assertEquals(pace.steps, 1);
      }
    });
  }
});

Deno.test("Pace.restart() leaves out what was no training", () => {
  withClock(1, (pace, wait) => {
    wait(60);
    pace.restart();
    wait(0.5);
    assertEquals(pace.measure(1), 2);
  });
});

Deno.test("Pace takes steps in no time at all as fast, not as infinitely fast", () => {
  withClock(1, (pace) => {
    assert(Number.isFinite(pace.measure(1)));
    assertEquals(pace.steps, 4);
  });
});
