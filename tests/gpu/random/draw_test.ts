import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  advance,
  type Device,
  hostNormal,
  hostUniform,
  randomNormal,
  randomUniform,
  type Tensor,
} from "../../../src/gpu/mod.ts";
import { normalOf, normalTable, tailProbability } from "../../../src/gpu/random/normal_table.ts";
import { gpuTest } from "../../support/gpu.ts";

async function bytesOf(tensor: Tensor): Promise<Uint32Array> {
  return new Uint32Array((await tensor.data()).buffer);
}

/** The largest distance between the share of values below a point and what the distribution says (Kolmogorov-Smirnov). */
function worstShare(values: Float32Array, below: (value: number) => number): number {
  const sorted = values.toSorted();
  let worst = 0;
  for (const [index, value] of sorted.entries()) {
    const share = below(value);
    worst = Math.max(worst, share - index / sorted.length, (index + 1) / sorted.length - share);
  }
  return worst;
}

const normalShare = (z: number) => z < 0 ? tailProbability(-z) : 1 - tailProbability(z);

gpuTest("randomNormal() gives the bytes of hostNormal()", async (device) => {
  for (
    const [count, seed, stream, counter] of [[1, 0, 0, 0], [7, 5, 1, 2], [
      50_001,
      2 ** 53 - 1,
      2 ** 32 - 1,
      7,
    ]] as const
  ) {
    const options = { seed, stream, counter };
    const expected = new Uint32Array(hostNormal(count, options).buffer);
    assertEquals(await bytesOf(randomNormal(device, [count], options)), expected);
  }
});

gpuTest(
  "randomUniform() gives the bytes of hostUniform() where the range is a power of two",
  async (device) => {
    for (const [low, high] of [[0, 1], [-1, 1], [0.3, 0.55], [-3, 5]] as const) {
      const options = { seed: 3, stream: 1, counter: 9, low, high };
      const expected = new Uint32Array(hostUniform(9_999, options).buffer);
      assertEquals(await bytesOf(randomUniform(device, [9, 11, 101], options)), expected);
    }
  },
);

gpuTest(
  "randomNormal() draws fresh numbers in each run of a program with a counter on the GPU",
  async (device) => {
    const counter = device.tensor([4], { dtype: "u32" });
    using program = device.program({}, () => ({
      normal: randomNormal(device, [10], { seed: 1, stream: 2, counter }),
      uniform: randomUniform(device, [10], { seed: 1, stream: 2, counter }),
    }));
    for (const step of [4, 5]) {
      device.write(counter, [step]);
      program.run();
      const { normal, uniform } = program.outputs;
      const [drawn, flat] = await device.read([normal, uniform]);
      assertEquals(drawn, hostNormal(10, { seed: 1, stream: 2, counter: step }));
      assertEquals(flat, hostUniform(10, { seed: 1, stream: 2, counter: step }));
    }
  },
);

gpuTest("randomNormal() explains what its counter and stream may be", (device: Device) => {
  const shape = [1];
  assertThrows(
    () => randomNormal(device, shape, { seed: 1, counter: device.tensor([0]) }),
    TypeError,
    "of f32",
  );
  assertThrows(
    () => randomNormal(device, shape, { seed: 1, counter: -1 }),
    RangeError,
    "random counter must be",
  );
  assertThrows(
    () => randomUniform(device, shape, { seed: 1, stream: 0.5 }),
    RangeError,
    "random stream must be",
  );
});

Deno.test("hostNormal() is distributed normally", () => {
  const values = hostNormal(1_000_000, { seed: 1 });
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  assert(worstShare(values, normalShare) < 1e-3);
  for (
    const [power, expected, deviation] of [[1, 0, 1], [2, 1, Math.sqrt(2)], [3, 0, Math.sqrt(15)], [
      4,
      3,
      Math.sqrt(96),
    ]]
  ) {
    assert(
      Math.abs(moment(power!) - expected!) < 3.5 * deviation! / 1000,
      `moment ${power}: ${moment(power!)}`,
    );
  }
});

Deno.test("hostNormal() has the tails of the normal distribution", () => {
  const table = normalTable();
  for (let size = 0.25; size <= 6; size += 0.25) {
    // The bits whose number lies at `size`: their share of all is the probability of more than it, on both sides.
    const bits = Math.round(tailProbability(size) * 2 ** 32);
    const [inner, outer] = [normalOf(bits + 1, table), normalOf(Math.max(bits - 1, 0), table)];
    assert(inner <= size + 2e-5 && outer >= size - 2e-5, `${size}: ${inner} to ${outer}`);
  }
  assert(normalOf(0, table) > 6.3);
});

Deno.test("hostNormal() and hostUniform() share no numbers between streams, counters and seeds", () => {
  const sets = [{ seed: 1 }, { seed: 2 }, { seed: 1, stream: 1 }, { seed: 1, counter: 1 }, {
    seed: 1,
    stream: 1,
    counter: 1,
  }];
  for (const draw of [hostNormal, hostUniform]) {
    const draws = sets.map((options) => draw(8, options).join());
    assertEquals(new Set(draws).size, sets.length);
  }
  const flat = hostUniform(1000, { seed: 1 });
  assertNotEquals([...flat.subarray(0, 500)], [...flat.subarray(500)]);
});

Deno.test("hostUniform() is distributed uniformly in its range", () => {
  const values = hostUniform(1_000_000, { seed: 2, low: -1, high: 3 });
  assert(values.every((value) => value >= -1 && value < 3));
  assert(worstShare(values, (value) => (value + 1) / 4) < 1e-3);
});

Deno.test("hostNormal() gives a prefix for a smaller count", () => {
  assertEquals(hostNormal(5, { seed: 1 }), hostNormal(11, { seed: 1 }).slice(0, 5));
});

/** What each draw of a program gives in each of its runs. */
async function valuesOfRuns(
  device: Device,
  draws: () => Record<string, Tensor>,
  runs = 3,
): Promise<Record<string, string[]>> {
  using program = device.program({}, draws);
  const found: Record<string, string[]> = {};
  for (let run = 0; run < runs; run++) {
    program.run();
    for (const [name, tensor] of Object.entries(program.outputs)) {
      (found[name] ??= []).push(`${await tensor.data()}`);
    }
  }
  return found;
}

const drawn = (draw: typeof hostNormal, counters: readonly number[], seed = 1) =>
  counters.map((counter) => `${draw(5, { seed, counter })}`);

gpuTest("Recorded draws advance by themselves, from the counter that they are given", async (device) => {
  assertEquals(
    await valuesOfRuns(device, () => ({
      normal: randomNormal(device, [5], { seed: 1 }),
      uniform: randomUniform(device, [5], { seed: 1 }),
      later: randomNormal(device, [5], { seed: 1, counter: 7 }),
      other: randomNormal(device, [5], { seed: 2 }),
    })),
    {
      normal: drawn(hostNormal, [0, 1, 2]),
      uniform: drawn(hostUniform, [0, 1, 2]),
      later: drawn(hostNormal, [7, 8, 9]),
      other: drawn(hostNormal, [0, 1, 2], 2),
    },
  );
});

gpuTest("Recorded draws repeat only where they are told to", async (device) => {
  const counter = device.tensor([3], { dtype: "u32" });
  assertEquals(
    await valuesOfRuns(device, () => ({
      normal: randomNormal(device, [5], { seed: 1, repeat: true }),
      uniform: randomUniform(device, [5], { seed: 1, counter: 4, repeat: true }),
      held: randomNormal(device, [5], { seed: 1, counter, repeat: true }),
    })),
    {
      normal: drawn(hostNormal, [0, 0, 0]),
      uniform: drawn(hostUniform, [4, 4, 4]),
      held: drawn(hostNormal, [3, 3, 3]),
    },
  );
  assertEquals(await counter.item(), 3);
});

gpuTest(
  "Recorded draws advance a counter on the GPU once a run, and not where the program does",
  async (device) => {
    const counter = device.tensor([3], { dtype: "u32" });
    const twice = () => ({
      normal: randomNormal(device, [5], { seed: 1, counter }),
      uniform: randomUniform(device, [5], { seed: 1, counter }),
    });
    assertEquals(await valuesOfRuns(device, twice), {
      normal: drawn(hostNormal, [3, 4, 5]),
      uniform: drawn(hostUniform, [3, 4, 5]),
    });
    assertEquals(await counter.item(), 6);
    const own = await valuesOfRuns(device, () => {
      const normal = randomNormal(device, [5], { seed: 1, counter });
      advance(counter, 10);
      return { normal };
    });
    assertEquals(own, { normal: drawn(hostNormal, [6, 16, 26]) });
  },
);

gpuTest("Recorded draws know a counter that is written through what it is a slice of", async (device) => {
  const counters = device.state([128], "u32");
  const [first, second] = [device.slice(counters, 0, [1]), device.slice(counters, 64, [1])];
  const found = await valuesOfRuns(device, () => {
    advance(second, 5);
    return {
      first: randomNormal(device, [5], { seed: 1, counter: first }),
      second: randomNormal(device, [5], { seed: 1, counter: second.detach() }),
    };
  });
  assertEquals(found, { first: drawn(hostNormal, [0, 1, 2]), second: drawn(hostNormal, [5, 10, 15]) });
});

gpuTest("Draws outside a program are the same for the same options, and advance nothing", async (device) => {
  const counter = device.tensor([3], { dtype: "u32" });
  for (let i = 0; i < 2; i++) {
    const values = await randomNormal(device, [5], { seed: 1, counter }).data();
    assertEquals([`${values}`], drawn(hostNormal, [3]));
  }
  assertEquals(await counter.item(), 3);
});
