/// <reference lib="dom" />
/** A run that the page drives, in Deno: what a page meets seldom. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Device } from "../../../src/gpu/mod.ts";
import { Engine } from "../../../studio/engine/engine.ts";
import type { StepOf, TrainNews } from "../../../studio/train/news.ts";
import { Session } from "../../../studio/train/worker/session.ts";
import { tiny, withFolder } from "../../dcgan/tiny.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Options of runs here. */
const options = { ...tiny, data: "faces", sampleEvery: 0 } as const;

/** A session, and what it tells. */
function sessionOn(device: Device): { engine: Engine; session: Session; told: TrainNews[] } {
  const told: TrainNews[] = [];
  const engine = new Engine(() => Promise.resolve(device), (_, news) => told.push(news as TrainNews));
  return { engine, session: new Session(engine, "faces"), told };
}

gpuTest("Session goes on from its last checkpoint after numbers became NaN", async (device) => {
  await withFolder(async (folder) => {
    const { engine, session, told } = sessionOn(device);
    const out = `${folder}/run`;
    await session.begin({ ...options, out, steps: 4, checkpointEvery: 1, onNan: "stop" });
    await session.stepOnce("both");
    await session.stepOnce("both");
    const { values } = engine.expectModel().generator;
    values.set(new Float32Array(values.size).fill(NaN));
    await session.resume();
    await until(() => told.at(-1)!.type === "failed");
    assertEquals((told.at(-1) as TrainNews & { type: "failed" }).name, "NonFiniteError");
    assert(!session.isOpen);

    await session.resume();
    await until(() => told.some(({ type }) => type === "end"));
    await session.close();
    const steps = told.filter((news) => news.type === "numbers").map(({ point }) => point.step);
    assertEquals([steps[0], steps.at(-1)], [1, 4]);
  });
});

gpuTest(
  "Session does its first step before its options change, and deletes its folder in the end",
  async (device) => {
    await withFolder(async (folder) => {
      const { session, told } = sessionOn(device);
      const out = `${folder}/run`;
      await session.begin({ ...options, out, steps: 9 });
      assertEquals(session.step, 0);
      await session.change({ loss: "hinge" });
      assertEquals(session.step, 1);
      await session.stepOnce("both");
      assertEquals(session.step, 2);
      const starts = told.filter((news) => news.type === "start").map(({ config }) => config.loss);
      assertEquals(starts, ["non-saturating", "hinge"]);
      await session.discard();
      await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
    });
  },
);

gpuTest("Session.stepOnce() has one network learn, or both", async (device) => {
  await withFolder(async (folder) => {
    const { engine, session } = sessionOn(device);
    await session.begin({ ...options, out: `${folder}/run`, steps: 9 });
    const learned = async (of: StepOf) => {
      const read = async () => {
        const { generator, discriminator } = engine.expectModel();
        return await Promise.all([generator, discriminator].map((network) => network.values.data()));
      };
      const before = await read();
      await session.stepOnce(of);
      return (await read()).map((values, at) => `${values}` !== `${before[at]}`);
    };
    assertEquals(await learned("both"), [true, true]);
    assertEquals(await learned("discriminator"), [false, true]);
    assertEquals(await learned("generator"), [true, false]);
    // What was learned so far stays with the next step of the run
    assertEquals(await learned("both"), [true, true]);
    assertEquals(session.step, 2);
    await session.close();
  });
});

/** Waits until something holds. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error("It never came");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
