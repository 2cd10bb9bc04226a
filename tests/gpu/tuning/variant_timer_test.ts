import { assert, assertEquals } from "@std/assert";
import { Device, matmul } from "../../../src/gpu/mod.ts";
import { fitting, variantTimer } from "../../../src/gpu/tuning/variant_timer.ts";
import { gpuTest } from "../../support/gpu.ts";

Deno.test("fitting() fills a submit, and not more", () => {
  const entry = (runs: number, milliseconds?: number) => ({ runs, milliseconds });
  assertEquals(fitting([entry(1), entry(1)]), 1, "nothing is known");
  assertEquals(fitting([entry(5, 40), entry(5, 40), entry(5, 20), entry(1, 1)]), 3);
  assertEquals(fitting([entry(1, 5000), entry(1, 1)]), 1, "one that is long by itself");
  assertEquals(
    fitting([entry(1, 40), entry(1), entry(1), entry(1), entry(1)]),
    3,
    "160 ms for each of the others",
  );
  assertEquals(fitting([entry(1), entry(1, 10)]), 2);
});

gpuTest("variantTimer() times programs in one submit when it knows what to expect", async (device) => {
  if (!device.capabilities.timestamps) return;
  const [a, b] = [device.state([32, 16]), device.state([16, 24])];
  const [one, other] = [1, 2].map((times) =>
    device.program({}, () => {
      for (let i = 0; i < times; i++) matmul(a, b);
    })
  ) as [ReturnType<typeof device.program>, ReturnType<typeof device.program>];
  using _programs = one;
  using _others = other;
  const submits: number[] = [];
  const { queue } = device.gpu;
  const submit = queue.submit.bind(queue);
  let count = 0;
  queue.submit = (commands) => {
    count++;
    submit(commands);
  };
  try {
    const timer = await variantTimer(device);
    for (let round = 0; round < 2; round++) {
      count = 0;
      const times = await timer.time([{ program: one, runs: 3 }, { program: other, runs: 2 }]);
      submits.push(count);
      assert(times.length === 2 && times.every((time) => time >= 0 && time < 10_000), `${times}`);
    }
  } finally {
    queue.submit = submit;
  }
  assertEquals(submits[1], 1);
});

gpuTest("variantTimer() goes by the wall clock where there are no timestamps", async (device) => {
  const without = new Device(device.gpu, device.adapter, { ...device.capabilities, timestamps: false });
  try {
    using program = without.program({}, () => ({ y: matmul(without.empty([8, 8]), without.empty([8, 8])) }));
    const times = await (await variantTimer(without)).time([{ program, runs: 1 }, { program, runs: 7 }]);
    assert(times.length === 2 && times.every((time) => time > 0 && time < 10_000), `${times}`);
  } finally {
    without.ledger.destroyAll();
  }
});
