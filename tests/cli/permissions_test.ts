import "../../src/host/on_native.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng } from "../../src/pictures/mod.ts";
import { ramp } from "../pictures/files.ts";
import { cacheEnv } from "../support/cache_env.ts";
import { idx } from "../datasets/support/files.ts";
import { withFiles } from "../datasets/support/folders.ts";
import { parquet } from "../datasets/support/parquet_file.ts";
import { withServer } from "../datasets/support/unreliable_server.ts";
import { zip } from "../datasets/support/zip_file.ts";

const cli = new URL("../../cli.ts", import.meta.url).pathname;
const doc = await Deno.readTextFile(new URL("../../docs/permissions.md", import.meta.url));

/** The rows of the document's tables: commands and their permissions. */
const rows = [...doc.matchAll(/^\| `([^`]+)` +\| (none|`[^`]+`) +\|$/gm)].map(([, command, permissions]) => ({
  command: command!.split(" "),
  permissions: permissions === "none" ? [] : permissions!.slice(1, -1).split(" "),
}));

/** What every training run of these tests adds, to be over soon. */
const tiny = "--size 16 --ngf 4 --ndf 4 --batch 4 --samples 4 --steps 2".split(" ");

const png = await encodePng(ramp(20, 16));
const other = await encodePng(ramp(9, 20));
/** Two classes with enough pictures for `evaluate` to train a classifier on. */
const photos = Object.fromEntries(
  await Promise.all(Array.from({ length: 24 }, async (_, i) => {
    const picture = await encodePng(i % 2 === 0 ? ramp(20, 16 + i) : ramp(9 + i, 20));
    return [`photos/${i % 2 === 0 ? "cat" : "dog"}/${i}.png`, picture] as const;
  })),
);
const plugin = `export default { apiVersion: 1, name: "mine", open: ({ size }) => ({
  length: 9, shape: [size, size, 1], read: (indices, into) => void into.fill(indices[0] ?? 0) }) };`;
const digits = {
  "train-images-idx3-ubyte": idx([4, 28, 28], new Uint8Array(4 * 784).fill(9)),
  "train-labels-idx1-ubyte": idx([4], new Uint8Array(4)),
};
const files = {
  ...photos,
  "photos.zip": zip([{ name: "a.png", data: png }, { name: "b.png", data: other, method: 8 }]),
  ...Object.fromEntries(Object.entries(digits).map(([name, bytes]) => [`digits/${name}`, bytes])),
  "my_set.ts": plugin,
  "drawn/keep": "",
  "packed/keep": "",
  "cache/x-dcgan/keep": "",
};

/** What makes commands be over soon. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  neighbors: ["--images", "50", "--count", "1"],
  project: ["--steps", "2"],
  directions: ["--count", "1"],
  evaluate: ["--count", "20"],
};

/** A command that is over soon. */
function shortened(command: readonly string[]): readonly string[] {
  if (command.includes("--resume")) return command.with(-1, "3");
  if (command[0] === "train") {
    // All of the faces take seconds to score
    return [...command, ...tiny, ...command.includes("--data") ? [] : ["--data-length", "200"]];
  }
  // A classifier of the faces takes minutes, one of the photos seconds
  const isFaces = command[0] === "evaluate" && command.includes("runs/faces");
  return [...command, ...SHORT[command[0]!] ?? [], ...isFaces ? ["--no-features"] : []];
}

/**
 * Which commands are to be over before one is run: it goes on with a run, or looks at what they drew. Those of one
 * stage run side by side.
 */
function stageOf(command: readonly string[]): number {
  if (command[0] === "train") return command.includes("--resume") ? 1 : 0;
  return command[0] === "sample" ? 1 : 2;
}

/** Runs tasks, as many at once as there are processors. */
async function sideBySide<T>(items: readonly T[], task: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, async () => {
    for (const item of rest) await task(item);
  }));
}

/** Runs the command line in a folder with some permissions. */
async function run(
  folder: string,
  permissions: readonly string[],
  command: readonly string[],
): Promise<{ code: number; text: string }> {
  const args = ["run", "--no-prompt", ...permissions, cli, ...command];
  const env = cacheEnv(`${folder}/cache`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: folder, env })
    .output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("every command of docs/permissions.md runs with the permissions it states, and not without one", async (t) => {
  assert(rows.length >= 15, `found ${rows.length} rows`);
  const shard = parquet({ images: [png, other], labels: [0, 1] });
  const body = (line: string) =>
    line.includes("/0.parquet")
      ? shard
      : new TextEncoder().encode('{"default": {"train": ["https://huggingface.co/x/0.parquet"]}}');
  await withServer(({ line }) => ({ body: body(line) }), async (url) => {
    await withFiles(files, async (folder) => {
      const one = ({ command, permissions }: typeof rows[number]) =>
        t.step({
          name: command.join(" "),
          ...{ sanitizeOps: false, sanitizeResources: false, sanitizeExit: false },
          fn: async () => {
            const here = (words: readonly string[]) =>
              words.map((word) => word.replace("mirror.example", new URL(url).host));
            const line = here(shortened(command));
            // Each new run has a folder of its own, so that none finds files of another
            const fresh = (count: number) =>
              line.map((word) => word.replace(/^runs\/(?=\w+$)(?!faces$)/, `runs/${count}-`));
            await Promise.all(permissions.map(async (permission, i) => {
              const fewer = here(permissions.toSpliced(i, 1));
              const isNew = command[0] === "train" && !command.includes("--resume");
              const { code, text } = await run(folder, fewer, isNew ? fresh(i) : line);
              assert(code !== 0, `${permission} is not needed\n${text}`);
              assertMatch(text, /error: .*(--allow-\w+|[Rr]equires \w+ access)/);
            }));
            const { code, text } = await run(folder, here(permissions), line);
            assertEquals(code, 0, text);
          },
        });
      for (const stage of [0, 1, 2]) {
        await sideBySide(rows.filter(({ command }) => stageOf(command) === stage), one);
      }
    });
  });
});

Deno.test("a plugin gets no more than the permissions that the user gave", async () => {
  const greedy = (act: string) =>
    `export default { apiVersion: 1, name: "greedy", open: async ({ size }) => { ${act};
      return { length: 1, shape: [size, size, 1], read() {} }; } };`;
  const acts = {
    "read.ts": "await Deno.readTextFile('/etc/hostname')",
    "net.ts": "await fetch('http://127.0.0.1:9999/')",
    "env.ts": "Deno.env.get('HOME')",
    "run.ts": "await new Deno.Command('id').output()",
    "write.ts": "await Deno.writeTextFile('elsewhere', '')",
  };
  const plugins = Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, greedy(act)]));
  await withFiles(plugins, async (folder) => {
    for (const name of Object.keys(acts)) {
      const permissions = [`--allow-read=runs,${name}`, "--allow-write=runs"];
      const { code, text } = await run(folder, permissions, [
        "train",
        "--data",
        `./${name}`,
        "--out",
        "runs/a",
        ...tiny,
      ]);
      assertEquals(code, 1, text);
      assertMatch(
        text,
        /^error: Dataset "greedy" cannot be opened: Requires (read|net|env|run|write) access/m,
      );
    }
  });
});
