import { assertEquals } from "@std/assert";
import type { TrainEvent } from "../../../src/dcgan/run/events.ts";
import { train } from "../../../src/dcgan/train.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { tiny, withFolder } from "../tiny.ts";

gpuTest(
  "train() with auto takes the pictures' own size, and says what it found only once",
  async (device) => {
    await withFolder(async (folder) => {
      const data = `${folder}/pictures`;
      await Deno.mkdir(data);
      for (let i = 0; i < 8; i++) {
        const levels = Uint8Array.from(randomValues(18 * 16 * 3, i + 1, [0, 256]));
        const file = await encodePng({ width: 18, height: 16, channels: 3, data: levels });
        await Deno.writeFile(`${data}/${i}.png`, file);
      }
      await Deno.writeTextFile(`${data}/notes.txt`, "not a picture");
      const { size: _, ...rest } = tiny;
      const options = { ...rest, preset: "auto", data, steps: 2, out: `${folder}/run` } as const;
      const events = await Array.fromAsync(train(device, options));
      const of = <T extends TrainEvent["type"]>(type: T) =>
        events.filter((event): event is TrainEvent & { type: T } => event.type === type);
      assertEquals(of("start")[0]!.config.size, 16);
      assertEquals(of("dataset").filter(({ message }) => message?.includes("notes.txt")).length, 1);
      assertEquals(
        of("recipe")[0]!.reasons[0]!.startsWith("8 pictures of 16 pixels, as images of 16x16x3"),
        true,
      );
      const resumed = await Array.fromAsync(train(device, { resume: `${folder}/run`, more: 1 }));
      assertEquals(resumed.at(-1)!.type, "end");
    });
  },
);
