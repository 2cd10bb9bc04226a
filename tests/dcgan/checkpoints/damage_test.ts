import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { CHECKPOINT_FILES } from "../../../src/dcgan/checkpoints/checkpoint_files.ts";
import { chooseCheckpoint } from "../../../src/dcgan/checkpoints/choose_checkpoint.ts";
import { readCheckpoint } from "../../../src/dcgan/checkpoints/read_checkpoint.ts";
import { parseConfig, type TrainConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  writeSafetensors,
} from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, trainTiny, withFolder } from "../tiny.ts";

const quick = {
  size: 14,
  ngf: 1,
  ndf: 1,
  latent: 2,
  batch: 2,
  samples: 2,
  sampleEvery: 0,
  checkpointEvery: 2,
} as const;

/** A run with checkpoints of steps 2, 4 and 6. */
async function makeRun(device: Device, out: string, options = {}): Promise<TrainConfig> {
  await trainTiny(device, { ...quick, steps: 6, out, ...options });
  return parseConfig(await Deno.readTextFile(`${out}/config.json`));
}

/** Changes the bytes of a file. */
async function edit(path: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  await Deno.writeFile(path, change(await Deno.readFile(path)));
}

/** Writes NaN into the first weight of a network, and leaves its metadata as they are. */
async function poison(path: string): Promise<void> {
  const { tensors, metadata } = await readSafetensors(path);
  (tensors.get("main.0.weight")!.data as Float32Array)[0] = NaN;
  await writeSafetensors(path, tensors, metadata);
}

/** What can happen to the latest checkpoint, `at`, and what its warning then says. */
const damages: Readonly<
  Record<string, [damage: (at: string, other: string) => Promise<void>, says: RegExp]>
> = {
  "a truncated file": [
    (at) => Deno.truncate(`${at}/training.safetensors`, 200),
    /training\.safetensors: .*truncated/,
  ],
  "an empty file": [
    (at) => Deno.truncate(`${at}/generator.safetensors`, 0),
    /generator\.safetensors: it is empty/,
  ],
  "a missing file": [
    (at) => Deno.remove(`${at}/discriminator.safetensors`),
    /discriminator\.safetensors: it is missing/,
  ],
  "an empty folder": [
    async (at) => {
      await Deno.remove(at, { recursive: true });
      await Deno.mkdir(at);
    },
    /generator\.safetensors: it is missing/,
  ],
  "a plain file in its place": [
    async (at) => {
      await Deno.remove(at, { recursive: true });
      await Deno.writeTextFile(at, "no folder");
    },
    /must be a folder, found a file/,
  ],
  "a flipped bit": [
    (at) => edit(`${at}/generator.safetensors`, (bytes) => bytes.with(bytes.length - 2, bytes.at(-2)! ^ 1)),
    /generator\.safetensors: .*must match its checksum/,
  ],
  "another step's file": [
    (at) =>
      Deno.copyFile(at.replace("000006", "000004") + "/training.safetensors", `${at}/training.safetensors`),
    /must be of step 6 in all of its files, found 6, 6, 4, 4/,
  ],
  "another run's file": [
    (at, other) => Deno.copyFile(`${other}/discriminator.safetensors`, `${at}/discriminator.safetensors`),
    /must be of one run in all of its files/,
  ],
  "all files of another run": [
    async (at, other) => {
      for (const name of await namesIn(other)) await Deno.copyFile(`${other}/${name}`, `${at}/${name}`);
    },
    /must be of this run, [0-9a-f]{16}, found [0-9a-f]{16}/,
  ],
  "NaN in a weight": [(at) => poison(`${at}/generator.safetensors`), /'main\.0\.weight' holds NaN/],
  "a tensor of another shape": [
    (at) =>
      edit(`${at}/discriminator.safetensors`, (bytes) => {
        const { tensors, metadata } = decodeSafetensors(bytes);
        const wide = { dtype: "F32", shape: [2, 3, 4, 4], data: new Float32Array(96) } as const;
        return encodeSafetensors(new Map([...tensors, ["main.0.weight", wide]]), metadata);
      }),
    /'main\.0\.weight' of its discriminator must have the shape \[1, 3, 4, 4\], found \[2, 3, 4, 4\]/,
  ],
  "averages of another length": [
    (at) =>
      edit(`${at}/training.safetensors`, (bytes) => {
        const { tensors, metadata } = decodeSafetensors(bytes);
        const short = { dtype: "F32", shape: [3], data: new Float32Array(3) } as const;
        return encodeSafetensors(new Map([...tensors, ["generator.exp_avg", short]]), metadata);
      }),
    /'generator\.exp_avg' must have \d+ values, found 3/,
  ],
};

gpuTest("chooseCheckpoint() names a damaged checkpoint, and takes the one before", async (device) => {
  await withFolder(async (folder) => {
    const config = await makeRun(device, `${folder}/run`);
    await makeRun(device, `${folder}/other`, { seed: 9 });
    const at = `${folder}/run/checkpoints/step-000006`;
    const files = await Promise.all(
      Object.values(CHECKPOINT_FILES).map(async (name) =>
        [name, await Deno.readFile(`${at}/${name}`)] as const
      ),
    );
    for (const [kind, [damage, says]] of Object.entries(damages)) {
      await damage(at, `${folder}/other/checkpoints/step-000006`);
      const chosen = await chooseCheckpoint(`${folder}/run`, config);
      assertEquals([kind, chosen?.place.step, chosen?.warnings.length], [kind, 4, 1]);
      assertMatch(chosen!.warnings[0]!, says);
      assertMatch(chosen!.warnings[0]!, /step-000006.*\. Step 4 is used instead$/);
      const error = await assertRejects(() => chooseCheckpoint(`${folder}/run`, config, 6), Error);
      assertMatch(error.message, says);
      await Deno.remove(at, { recursive: true });
      await Deno.mkdir(at);
      for (const [name, bytes] of files) await Deno.writeFile(`${at}/${name}`, bytes);
    }
    assertEquals((await chooseCheckpoint(`${folder}/run`, config))?.warnings, []);
  });
});

gpuTest("readCheckpoint() finds a flipped bit in any byte of any file", async (device) => {
  await withFolder(async (folder) => {
    const config = await makeRun(device, `${folder}/run`);
    const place = { path: `${folder}/run/checkpoints/step-000006`, step: 6 };
    const readFile = Deno.readFile;
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const name of Object.values(CHECKPOINT_FILES)) {
      files.set(`${place.path}/${name}`, await readFile(`${place.path}/${name}`));
    }
    try {
      Deno.readFile = (path) => Promise.resolve(files.get(`${path}`)!);
      await readCheckpoint(place, config);
      let unnoticed = "";
      for (const [path, bytes] of files) {
        const header = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
        // Every byte of the header, and as many of the data as take no time
        for (let at = 0; at < bytes.length; at += at < header ? 1 : 97) {
          bytes[at]! ^= 1 << at % 8;
          await readCheckpoint(place, config).then(() => unnoticed += `${path} ${at}; `, () => {});
          bytes[at]! ^= 1 << at % 8;
        }
      }
      assertEquals(unnoticed, "");
    } finally {
      Deno.readFile = readFile;
    }
  });
});

gpuTest("readCheckpoint() takes older checkpoints, which have no checksum and no run", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const config = await makeRun(device, out);
    for (const name of Object.values(CHECKPOINT_FILES)) {
      const path = `${out}/checkpoints/step-000006/${name}`;
      await writeSafetensors(path, (await readSafetensors(path)).tensors, { step: "6" });
    }
    assertEquals((await chooseCheckpoint(out, config))?.place.step, 6);
    const { run: _, pictures: __, ...older } = config;
    await Deno.writeTextFile(`${out}/config.json`, JSON.stringify({ ...older, sampleEvery: 100 }));
    const events = await Array.fromAsync(train(device, { resume: out, steps: 8 }));
    assertEquals(events.filter(({ type }) => type === "warning"), []);
    const { metadata } = await readSafetensors(`${out}/checkpoints/step-000008/generator.safetensors`);
    assertEquals([metadata.step, metadata.run], ["8", config.run]);
  });
});

gpuTest("train() and sample() take the checkpoint before a damaged one, and say so", async (device) => {
  await withFolder(async (folder) => {
    const [out, whole] = [`${folder}/run`, `${folder}/whole`];
    await makeRun(device, out);
    await makeRun(device, whole, { steps: 8 });
    const damaged = `${out}/checkpoints/step-000006/generator.safetensors`;
    await poison(damaged);
    await Deno.mkdir(`${out}/checkpoints/step-000099`);

    const before = await sample(device, out, { count: 4, out: `${folder}/a.npy`, format: "npy" });
    assertEquals(before.warnings.length, 2);
    assertStringIncludes(before.warnings[0]!, `${out}/checkpoints/step-000099`);
    assertStringIncludes(before.warnings[1]!, damaged);
    const of4 = await sample(device, out, { count: 4, out: `${folder}/b.npy`, format: "npy", from: 4 });
    const place = `${out}/checkpoints/step-000004`;
    await sample(device, place, { count: 4, out: `${folder}/c.npy`, format: "npy" });
    assertEquals(of4.warnings, []);
    for (const name of ["b", "c"]) {
      assertEquals(
        await Deno.readFile(`${folder}/${name}.npy`),
        await Deno.readFile(`${folder}/a.npy`),
        name,
      );
    }
    for (const refused of [damaged, `${out}/checkpoints/step-000006`]) {
      await assertRejects(
        () => sample(device, refused, { out: `${folder}/d.png` }),
        Error,
        "generator.safetensors",
      );
    }

    const events = await Array.fromAsync(train(device, { resume: out, steps: 8 }));
    const said = events.flatMap((event) => event.type === "warning" ? [event.message] : []);
    assertEquals(said.slice(0, 2), before.warnings);
    assertEquals(
      said[2],
      `The 2 checkpoints after step 4 are now in ${out}/set-aside-1. Delete that folder if you do not need it`,
    );
    const [start] = events;
    assert(start?.type === "start");
    assertEquals(start.stepsBefore, 4);
    assertEquals(await namesIn(`${out}/set-aside-1`), ["step-000006", "step-000099"]);
    for (const name of await namesIn(`${whole}/checkpoints/step-000008`)) {
      const of = (run: string) => Deno.readFile(`${run}/checkpoints/step-000008/${name}`);
      assertEquals(await of(out), await of(whole));
    }
  });
});

gpuTest(
  "chooseCheckpoint() names every checkpoint where none is good, and a step that is not there",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      const config = await makeRun(device, out);
      for (const step of [2, 4, 6]) {
        await Deno.truncate(`${out}/checkpoints/step-00000${step}/training.safetensors`);
      }
      for (
        const use of [
          () => train(device, { resume: out, steps: 9 }).next(),
          () => sample(device, out, { out: `${folder}/a.png` }),
        ]
      ) {
        const { message } = await assertRejects(use, Error, "Cannot use any checkpoint of");
        for (const step of [2, 4, 6]) assertStringIncludes(message, `step-00000${step}/training.safetensors`);
      }
      const { issues } = await assertRejects(() => chooseCheckpoint(out, config, 5), ConfigError);
      assertEquals(issues, [
        { option: "from", problem: `must be that of a checkpoint in ${out} (2, 4, 6), found 5` },
      ]);
    });
  },
);
