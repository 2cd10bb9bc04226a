import { assertEquals } from "@std/assert";
import { crc32c } from "../../../src/dcgan/tensorboard/crc32c.ts";
import { stepOf, summaryEvent } from "../../../src/dcgan/tensorboard/event.ts";
import { EventFile } from "../../../src/dcgan/tensorboard/event_file.ts";
import { recordOf, recordsIn } from "../../../src/dcgan/tensorboard/records.ts";
import { namesIn, withFolder } from "../../support/temp_folder.ts";
import { readEvent, readEventFiles, slowCrc32c } from "./read_events.ts";

Deno.test("crc32c() has the checksums of RFC 3720", () => {
  // Appendix B.4
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
  const cases: readonly (readonly [Uint8Array, number])[] = [
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [ascending, 0x46dd794e],
    [ascending.toReversed(), 0x113fdb5c],
    [new TextEncoder().encode("123456789"), 0xe3069283],
    [new Uint8Array(), 0],
  ];
  for (const [bytes, checksum] of cases) {
    assertEquals([crc32c(bytes), slowCrc32c(bytes)], [checksum, checksum]);
  }
});

Deno.test("summaryEvent() is read by the rules of protocol buffers, with steps of any size", () => {
  for (const step of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1]) {
    const png = Uint8Array.from({ length: 300 }, (_, i) => i);
    const event = summaryEvent({
      time: 1_700_000_000.25,
      step,
      scalars: { "losses/a": 0.5, "Fréchet": -1e-20 },
      images: { samples: { width: 640, height: 48, channels: 3, png } },
    });
    assertEquals(readEvent(event), {
      wallTime: 1_700_000_000.25,
      step,
      scalars: { "losses/a": 0.5, "Fréchet": Math.fround(-1e-20) },
      images: { samples: { width: 640, height: 48, colorspace: 3, png } },
    });
    assertEquals(stepOf(event), step);
  }
});

const at = (step: number) => summaryEvent({ time: step, step, scalars: { value: step } });

/** The steps in the one event file of a folder. */
async function stepsIn(folder: string): Promise<number[]> {
  const files = Object.values(await readEventFiles(folder));
  assertEquals(files.length, 1);
  return files[0]!.filter(({ step }) => step > 0).map(({ step }) => step);
}

Deno.test("EventFile.open() goes on in the same file after its last step", async () => {
  await withFolder(async (folder) => {
    await (await EventFile.open(folder, 0, 1)).append([at(1), at(2)]);
    await (await EventFile.open(folder, 2, 1)).append([at(3)]);
    assertEquals(await stepsIn(folder), [1, 2, 3]);
    assertEquals(await namesIn(folder), ["events.out.tfevents.000001.dcgan"]);
    const [events] = Object.values(await readEventFiles(folder));
    assertEquals(events![0]!.fileVersion, "brain.Event:2");
  });
});

Deno.test("EventFile.open() cuts later steps off, in a file that tells TensorBoard to begin anew", async () => {
  await withFolder(async (folder) => {
    await (await EventFile.open(folder, 0, 1)).append([at(1), at(2), at(3), at(4)]);
    await (await EventFile.open(folder, 2, 9)).append([at(3)]);
    assertEquals(await stepsIn(folder), [1, 2, 3]);
    assertEquals(await namesIn(folder), ["events.out.tfevents.000002.dcgan"]);
    const [events] = Object.values(await readEventFiles(folder));
    assertEquals(events!.slice(0, 2).map(({ fileVersion, sessionStatus }) => fileVersion ?? sessionStatus), [
      "brain.Event:2",
      1,
    ]);
    assertEquals(events!.map(({ wallTime }) => wallTime), [9, 9, 1, 2, 3]);
    // To the first step again, and over again
    for (const times of [3, 4]) {
      await (await EventFile.open(folder, 0, times)).append([at(1)]);
      assertEquals(await stepsIn(folder), [1]);
      assertEquals(await namesIn(folder), [`events.out.tfevents.00000${times}.dcgan`]);
    }
  });
});

Deno.test("EventFile.open() leaves what is torn or damaged at the end, and an older file beside", async () => {
  const good = [at(1), at(2)].map(recordOf);
  const wrong = recordOf(at(3));
  wrong[20]! ^= 1;
  const long = recordOf(at(3));
  long[3] = 0xff;
  for (
    const rest of [
      recordOf(at(3)).subarray(0, 5),
      recordOf(at(3)).subarray(0, 30),
      wrong,
      long,
      new Uint8Array(99),
    ]
  ) {
    await withFolder(async (folder) => {
      await (await EventFile.open(folder, 0, 1)).append([at(1), at(2)]);
      const [name] = await namesIn(folder);
      await Deno.writeFile(`${folder}/${name}`, rest, { append: true });
      // As if killed between writing the one and deleting the other
      await Deno.writeFile(`${folder}/events.out.tfevents.000000.dcgan`, good[0]!);
      await (await EventFile.open(folder, 5, 1)).append([at(3)]);
      assertEquals(await stepsIn(folder), [1, 2, 3]);
    });
  }
});

Deno.test("recordsIn() reads records larger than what is read at once", async () => {
  await withFolder(async (folder) => {
    const sizes = [0, 1, 2 ** 20 - 20, 3 * 2 ** 20, 7, 2 ** 20 + 1];
    for (const size of sizes) {
      const data = new Uint8Array(size).fill(size % 251);
      await Deno.writeFile(`${folder}/records`, recordOf(data), { append: true });
    }
    using file = await Deno.open(`${folder}/records`);
    const found = await Array.fromAsync(recordsIn(file), ({ data }) => [data.length, data[0], data.at(-1)]);
    const wanted = sizes.map((size) =>
      size === 0 ? [0, undefined, undefined] : [size, size % 251, size % 251]
    );
    assertEquals(found, wanted);
  });
});
