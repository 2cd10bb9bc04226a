import type { Call, Engine } from "../engine/engine.ts";
import type { Changes, GivenOptions, StepOf } from "./news.ts";
import type { GivenFile } from "../page/given_files.ts";
import { TrainDesk } from "./worker/desk.ts";

const desks = new WeakMap<Engine, TrainDesk>();

/** The desk of an engine. */
function deskOf(engine: Engine): TrainDesk {
  const desk = desks.get(engine) ?? new TrainDesk(engine);
  desks.set(engine, desk);
  return desk;
}

/** What the worker does for this view. */
export const trainCalls = {
  "gpu.adapter": async (engine: Engine) => {
    const { adapter: { name, software } } = await engine.device();
    return { name, software };
  },
  "train.look": (engine: Engine, { files }: { files: readonly GivenFile[] }) => deskOf(engine).look(files),
  "train.faces": (engine: Engine, { name }: { name: string }) => deskOf(engine).faces(name),
  "train.start": (engine: Engine, { options }: { options: GivenOptions }) => deskOf(engine).start(options),
  "train.continue": (engine: Engine) => deskOf(engine).goOn(),
  "train.more": (engine: Engine) => deskOf(engine).more(),
  "train.pause": (engine: Engine) => deskOf(engine).session.pause(),
  "train.resume": (engine: Engine) => deskOf(engine).session.resume(),
  "train.step": async (engine: Engine, { of }: { of: StepOf }) => {
    const { session } = deskOf(engine);
    await session.stepOnce(of);
    return { step: session.step };
  },
  "train.change": async (engine: Engine, { changes }: { changes: Changes }) => {
    const { session } = deskOf(engine);
    await session.change(changes);
    return { step: session.step };
  },
  "train.save": (engine: Engine) => deskOf(engine).save(),
  "train.kept": (engine: Engine) => deskOf(engine).kept(),
  "train.openKept": (engine: Engine, { name }: { name: string }) => deskOf(engine).openKept(name),
  "train.saveKept": (engine: Engine, { name }: { name: string }) => deskOf(engine).saveKept(name),
  "train.deleteKept": (engine: Engine, { name }: { name: string }) => deskOf(engine).deleteKept(name),
  "train.close": (engine: Engine) => deskOf(engine).close(),
} satisfies Record<string, Call>;
