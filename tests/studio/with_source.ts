/// <reference lib="dom" />
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { Engine } from "../../studio/engine/engine.ts";
import { Source } from "../../studio/explore/source/source.ts";
import { trainTiny, withFolder } from "../dcgan/tiny.ts";

/** Calls `body` with an engine that looks at a run. */
export async function withSource(
  device: Device,
  body: (engine: Engine, run: string, folder: string) => Promise<void>,
  options: TrainOptions = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { data: "faces", steps: 2, out: run, ...options });
    const engine = new Engine(() => Promise.resolve(device), () => {});
    const source = Source.of(engine);
    await source.open(run, "run");
    try {
      await body(engine, run, folder);
    } finally {
      await source.close();
    }
  });
}
