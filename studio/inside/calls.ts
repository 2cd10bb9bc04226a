import type { Call, Engine } from "../engine/engine.ts";
import { Source } from "../explore/source/source.ts";
import { lookAtPictures, type LookRequest } from "./worker/looks.ts";
import type { TrainNews } from "../train/news.ts";
import { trainCalls } from "../train/calls.ts";
import { discriminatorMaps, generatorMaps } from "./worker/maps.ts";
import { watchStep } from "./worker/one_step.ts";

/** What the worker does for this view. */
export const insideCalls = {
  "inside.look": (engine: Engine, given: LookRequest) =>
    Source.of(engine).use((used) => lookAtPictures(used, given)),
  "inside.generatorMaps": (engine: Engine, given: Parameters<typeof generatorMaps>[1]) =>
    Source.of(engine).use((used) => generatorMaps(used, given)),
  "inside.discriminatorMaps": (engine: Engine, given: Parameters<typeof discriminatorMaps>[1]) =>
    Source.of(engine).use((used) => discriminatorMaps(used, given)),
  "inside.step": async (engine: Engine, { of }: { of: "generator" | "discriminator" }) => {
    // No other step may come between what is looked at before and after
    await trainCalls["train.pause"](engine);
    // The Train view did not ask for it
    engine.tell("train", { type: "paused" } satisfies TrainNews);
    return await watchStep(engine, () => trainCalls["train.step"](engine, { of }));
  },
} satisfies Record<string, Call>;
