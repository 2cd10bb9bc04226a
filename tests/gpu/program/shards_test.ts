import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  batchNorm,
  concat,
  type Device,
  gradients,
  mul,
  split,
  sum,
  type Tensor,
} from "../../../src/gpu/mod.ts";
import { inShards } from "../../../src/gpu/program/in_shards.ts";
import { PeerMeetings } from "../../../src/gpu/program/peers.ts";
import type { Shards } from "../../../src/gpu/program/shards.ts";
import { gpuTest } from "../../support/gpu.ts";
import { peersInProcess } from "../../dcgan/ranks/peers_in_process.ts";
import { randomValues } from "../../support/random.ts";

const [BATCH, CHANNELS, COUNT] = [16, 12, 8];
const SHAPE = [BATCH, 3, 3, CHANNELS];

/** Running statistics of a batch norm. */
function runningStatistics(device: Device) {
  const runningMean = device.state([CHANNELS]);
  const runningVariance = device.state([CHANNELS]);
  runningVariance.set(new Float32Array(CHANNELS).fill(1));
  return { runningMean, runningVariance, batchesTracked: device.state([1], "u32") };
}

/** Two batch norms, and the gradients of the sum of the squares of their results. */
function pass(x: Tensor, [weight, bias]: readonly [Tensor, Tensor], running: object, groups: number) {
  const first = batchNorm(x, weight, bias, {
    training: true,
    groups,
    activation: { type: "relu" },
    ...running,
  });
  const y = batchNorm(mul(first, first), weight, bias, { training: true, groups });
  const [dx, dWeight, dBias] = gradients([sum(mul(mul(y, y), y))], [x, weight, bias]);
  return { y, dx: dx!, dWeight: dWeight!, dBias: dBias! };
}

/** Records them for some shards of a batch. */
function recorded(device: Device, shards: Shards, groups = 1) {
  const running = runningStatistics(device);
  const program = device.program(
    { x: SHAPE, weight: [CHANNELS], bias: [CHANNELS] },
    ({ x, weight, bias }) => {
      const parts = split(x, COUNT);
      return inShards(device, shards, (shard) => pass(parts[shard]!, [weight, bias], running, groups));
    },
  );
  return { program, running };
}

const WHOLE = { count: COUNT, first: 0, end: COUNT, norms: "batch" } as const;
const INPUTS = {
  x: randomValues(SHAPE.reduce((a, b) => a * b), 1, [-1, 1]).map((value, at) =>
    value * (1 + at % CHANNELS) + 3
  ),
  weight: randomValues(CHANNELS, 2, [-0.5, 0.5]).map((value) => 1 + value),
  bias: randomValues(CHANNELS, 3, [-1, 1]),
};

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const scale = Math.max(...Array.from(expected, Math.abs));
  const error = Math.max(...Array.from(expected, (value, at) => Math.abs(value - actual[at]!)));
  assert(error <= 1e-5 * scale, `${error} of ${scale}`);
}

gpuTest("inShards() normalizes shards with the statistics of their batch", async (device) => {
  for (const groups of [1, 2]) {
    const { program, running } = recorded(device, WHOLE, groups);
    using _program = program;
    program.run(INPUTS);
    const parts = program.outputs;
    // Groups of the whole batch are the halves of all shards
    const x = device.tensor(INPUTS.x, { shape: SHAPE });
    const halves = split(x, COUNT * groups);
    const order = Array.from(
      { length: groups },
      (_, group) => halves.filter((_, at) => at % groups === group),
    ).flat();
    const sorted = order.reduce((all, one) => concat(all, one)).detach();
    const [weight, bias] = [device.tensor(INPUTS.weight), device.tensor(INPUTS.bias)];
    const expected = runningStatistics(device);
    const whole = pass(sorted, [weight, bias], expected, groups);
    const joined = (name: "y" | "dx") => {
      const halves = parts.map((part) => split(part[name], groups));
      return Array.from({ length: groups }, (_, group) => halves.map((half) => half[group]!)).flat()
        .reduce((all, one) => concat(all, one));
    };
    const added = (name: "dWeight" | "dBias") =>
      sum(parts.map((part) => part[name].reshape([1, CHANNELS])).reduce((all, one) => concat(all, one)), {
        axes: [0],
      });
    const values = await device.read([
      joined("y"),
      joined("dx"),
      added("dWeight"),
      added("dBias"),
      ...Object.values(running),
    ]);
    const wanted = await device.read([
      whole.y,
      whole.dx,
      whole.dWeight,
      whole.dBias,
      ...Object.values(expected),
    ]);
    for (const [at, value] of values.entries()) assertClose(value, wanted[at]!);
  }
});

gpuTest("inShards() gives the same bits to any number of programs", async (device) => {
  for (const norms of ["batch", "shard"] as const) {
    const found: number[][][] = [];
    for (const programs of [1, 2, 4, 8]) {
      const each = COUNT / programs;
      const all = Array.from(
        { length: programs },
        (_, at) => recorded(device, { count: COUNT, first: at * each, end: (at + 1) * each, norms }, 2),
      );
      const peers = peersInProcess(programs);
      await Promise.all(all.map(async ({ program }, at) => {
        for (const [name, values] of Object.entries(INPUTS)) {
          device.write(program.inputs[name as "x"], values);
        }
        using meetings = new PeerMeetings(device, peers[at]!);
        await program.runTogether((given) => meetings.meet(given));
      }));
      const outputs = all.flatMap(({ program }) => program.outputs.flatMap((part) => Object.values(part)));
      const statistics = all.map(({ running }) => Object.values(running));
      const values = await device.read([...outputs, ...statistics.flat()]);
      found.push(values.slice(0, outputs.length).concat(values.slice(-3)).map((one) => [...one]));
      for (const { program } of all) program[Symbol.dispose]();
    }
    for (const other of found.slice(1)) assertEquals(other, found[0]);
  }
});

gpuTest("inShards() normalizes each shard alone, with running statistics of the batch", async (device) => {
  const { program, running } = recorded(device, { ...WHOLE, norms: "shard" });
  using _program = program;
  program.run(INPUTS);
  const parts = split(device.tensor(INPUTS.x, { shape: SHAPE }), COUNT);
  const [weight, bias] = [device.tensor(INPUTS.weight), device.tensor(INPUTS.bias)];
  const expected = runningStatistics(device);
  pass(device.tensor(INPUTS.x, { shape: SHAPE }), [weight, bias], expected, 1);
  for (const [shard, part] of parts.entries()) {
    const alone = pass(part, [weight, bias], {}, 1);
    const [y, dx, wantedY, wantedDx] = await device.read([
      program.outputs[shard]!.y,
      program.outputs[shard]!.dx,
      alone.y,
      alone.dx,
    ]);
    assertClose(y!, wantedY!);
    assertClose(dx!, wantedDx!);
  }
  const [values, wanted] = [
    await device.read(Object.values(running)),
    await device.read(Object.values(expected)),
  ];
  for (const [at, value] of values.entries()) assertClose(value, wanted[at]!);
});

gpuTest("inShards() refuses shards that take different ways, and shards outside of programs", (device) => {
  assertThrows(() => inShards(device, WHOLE, () => 0), Error, "use device.program()");
  const x = device.tensor(INPUTS.x, { shape: SHAPE });
  const one = device.tensor(INPUTS.weight);
  assertThrows(
    () =>
      device.program({}, () => {
        inShards(device, WHOLE, (shard) => {
          if (shard !== 3) batchNorm(split(x, COUNT)[shard]!, one, one, { training: true });
        });
      }),
    Error,
    "shard 3: all shards must take one way",
  );
});

gpuTest("Program.run() refuses a part of the shards", (device) => {
  const { program } = recorded(device, { ...WHOLE, end: 4 });
  using _program = program;
  assertThrows(() => program.run(), Error, "runTogether()");
});
