import { assert, assertEquals, assertThrows } from "@std/assert";
import { dropout, fill, gradients, hostUniform } from "../../../src/gpu/mod.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("dropout() keeps the elements whose random number is at least the rate", async (device) => {
  const draw = { seed: 5, stream: 2, counter: 3 };
  const kept = [...hostUniform(35, draw)].map((number) => number >= Math.fround(0.3));
  await checkOp(device, {
    inputs: { x: { shape: [5, 7] } },
    halves: ["x"],
    op: ({ x }) => dropout(x, { rate: 0.3, ...draw, repeat: true }),
    reference: ({ x }) => x.map((value, at) => kept[at] ? value / 0.7 : 0),
  });
});

gpuTest(
  "dropout() draws anew in each run of a program, and its gradient has the same mask",
  async (device) => {
    const x = fill(device, [1000], 1);
    using program = device.program({}, () => {
      const y = dropout(x, { rate: 0.2, seed: 1 });
      return { y, gradient: gradients([y], [x])[0]! };
    });
    const runs: string[] = [];
    for (let run = 0; run < 2; run++) {
      program.run();
      const [y, gradient] = await device.read([program.outputs.y, program.outputs.gradient]);
      assertEquals([...y!], [...gradient!]);
      const share = y!.filter((value) => value === 0).length / 1000;
      assert(Math.abs(share - 0.2) < 0.05, `${share} are 0`);
      runs.push(y!.join());
    }
    assert(runs[0] !== runs[1]);
  },
);

gpuTest("dropout() names a rate that is none", (device) => {
  for (const rate of [-0.1, 1, NaN]) {
    assertThrows(
      () => dropout(fill(device, [1], 1), { rate, seed: 1 }),
      RangeError,
      "at least 0 and below 1",
    );
  }
});
