import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { checksums } from "../dcgan/ranks/checksums.ts";
import { withFolder } from "../support/temp_folder.ts";
import { type Launcher, mpiTest, start } from "./launch.ts";

const CLI = "../../cli.ts";

const RUN = [
  ...["train", "--data", "faces", "--data-length", "60", "--preset", "pytorch", "--size", "16", "--ngf", "8"],
  ...[
    "--ndf",
    "8",
    "--batch",
    "16",
    "--seed",
    "3",
    "--no-report",
    "--score-every",
    "0",
    "--sample-every",
    "0",
  ],
];

/** Trains on so many ranks, to a good end. */
async function train(launcher: Launcher, ranks: number, args: readonly string[]): Promise<string> {
  const { code, text } = await start(launcher, ranks, CLI, args).ended;
  assertEquals([code, code === 0 ? "" : text], [0, ""]);
  return text;
}

/** Waits until a file is there. */
async function appears(path: string): Promise<void> {
  while (!await Deno.stat(path).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The processes of a run, by their ranks. */
function processesOf(out: string): Map<number, number> {
  const found = new Map<number, number>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = Deno.readTextFileSync(`/proc/${name}/cmdline`).split("\0");
      const [, rank] = /(?:^|\0)(?:OMPI_COMM_WORLD_RANK|PMI_RANK)=(\d+)/.exec(
        Deno.readTextFileSync(`/proc/${name}/environ`),
      ) ?? [];
      if (rank !== undefined && words.includes(out)) found.set(Number(rank), Number(name));
    } catch {
      // It has ended, or is another user's
    }
  }
  return found;
}

mpiTest(
  "train leaves the same bytes on 1, 2 and 4 ranks, and goes on where one is killed",
  async (launcher) => {
    await withFolder(async (folder) => {
      const out = (name: string) => `${folder}/${name}`;
      for (const ranks of [1, 2, 4]) {
        await train(launcher, ranks, [...RUN, "--steps", "6", "--out", out(`${ranks}`)]);
      }
      const expected = await checksums(out("1"), 6);
      for (const ranks of [2, 4]) {
        assertEquals(await checksums(out(`${ranks}`), 6), expected);
      }

      const killed = out("killed");
      const job = start(launcher, 4, CLI, [
        ...RUN,
        "--steps",
        "100000",
        "--checkpoint-every",
        "2",
        "--out",
        killed,
      ]);
      await appears(`${killed}/checkpoints/step-000002`);
      const began = performance.now();
      Deno.kill(processesOf(killed).get(2)!, "SIGKILL");
      const { code } = await job.ended;
      assert(code !== 0);
      assert(performance.now() - began < 45_000);
      await train(launcher, 2, ["train", "--resume", killed, "--step", "2", "--steps", "6"]);
      assertEquals(await checksums(killed, 6), expected);
    });
  },
);

mpiTest("train saves at SIGTERM to the launcher, and ends where a rank hangs", async (launcher) => {
  await withFolder(async (folder) => {
    const stopped = `${folder}/stopped`;
    const job = start(launcher, 2, CLI, [...RUN, "--steps", "100000", "--out", stopped]);
    await appears(`${stopped}/metrics.jsonl`);
    job.launcher.kill("SIGTERM");
    assertStringIncludes((await job.ended).text, "Resume it: ");
    assertEquals(Array.from(Deno.readDirSync(`${stopped}/checkpoints`)).length, 1);

    const hanging = `${folder}/hanging`;
    const every = ["--steps", "100000", "--checkpoint-every", "2", "--rank-timeout", "3", "--out", hanging];
    const other = start(launcher, 2, CLI, [...RUN, ...every]);
    await appears(`${hanging}/checkpoints/step-000002`);
    Deno.kill(processesOf(hanging).get(1)!, "SIGSTOP");
    const { code, text } = await other.ended;
    assert(code !== 0);
    const told = text.split("\n").filter((line) => line.startsWith("error: "));
    assertEquals(
      told,
      ["error: All ranks end: the others have waited 3 seconds for rank 1, which hangs"],
      text,
    );
  });
});

mpiTest("train ends by itself at the signal for which the launcher leaves it the time", async (launcher) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const job = start(launcher, 2, CLI, [...RUN, "--steps", "100000", "--out", out]);
    await appears(`${out}/metrics.jsonl`);
    job.launcher.kill(launcher.family === "Open MPI" ? "SIGUSR2" : "SIGTERM");
    assertStringIncludes((await job.ended).text, "Sample from it: ");
    assertEquals(Array.from(Deno.readDirSync(`${out}/checkpoints`)).length, 1);
  });
});

mpiTest("train --dry-run is done by one rank, and ends all well", async (launcher) => {
  const { code, text } = await start(launcher, 2, CLI, [...RUN, "--steps", "4", "--dry-run"]).ended;
  assertEquals([code, text.match(/Nothing was written/g)?.length], [0, 1], text);
});

mpiTest("train says which rank failed, and nothing else does", async (launcher) => {
  await withFolder(async (folder) => {
    // Each rank of a dataset module of its own pictures
    const module = `${folder}/own.ts`;
    await Deno.writeTextFile(
      module,
      `const rank = Number(Deno.env.get("OMPI_COMM_WORLD_RANK") ?? Deno.env.get("PMI_RANK"));
export default {
  apiVersion: 1,
  name: "own",
  open: ({ size }) => ({
    length: 8,
    shape: [size, size, 3],
    read: (indices, into) => void into.fill(rank + indices.length),
  }),
};
`,
    );
    const args = RUN.filter((word, at) => word !== "--data-length" && RUN[at - 1] !== "--data-length");
    const all = args.map((word, at) => args[at - 1] === "--data" ? module : word);
    const { code, text } = await start(launcher, 2, CLI, [...all, "--steps", "4", "--out", `${folder}/run`])
      .ended;
    assert(code !== 0);
    const told = text.split("\n").filter((line) => line.startsWith("error: "));
    assertEquals(told.length, 1, text);
    assertStringIncludes(
      told[0]!,
      "error: Rank 1 failed, and all ranks end: Cannot train with rank 0: its dataset",
    );
  });
});
