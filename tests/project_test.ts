/** House rules that a machine can hold; CONTRIBUTING.md gives their reasons. */
import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { importsOf, readSource as read, sources } from "./support/source_files.ts";

const MOST_LINES = 300;
const MOST_FILES = 16;

/** What all parts may know of the runtime. */
const HOST: readonly string[] = ["src/host/host.ts", "src/host/paths.ts"];

/** Entry points choose the runtime. The program's, that of plugins' tests, and those of threads are among the parts. */
const choosesHost = (path: string, target: string): boolean =>
  target === "src/host/on_native.ts" &&
  (["src/cli/main.ts", "plugins/datasets/testing.ts"].includes(path) || path.endsWith("_worker.ts"));

/** What each part may import, beside itself. Anything not listed may import nothing of the module. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "src/host/": [],
  "src/files/": [...HOST],
  "src/pictures/": [...HOST],
  "src/gpu/": [...HOST],
  "src/nn/": [...HOST, "src/gpu/", "src/files/"],
  "src/mpi/": [...HOST, "src/gpu/mod.ts"],
  "plugins/datasets/": [
    ...HOST,
    "src/pictures/",
    "src/files/",
  ],
  "src/dcgan/": [
    ...HOST,
    "src/nn/mod.ts",
    "src/gpu/mod.ts",
    "src/files/",
    "src/pictures/",
    "plugins/datasets/mod.ts",
    "plugins/datasets/contract.ts",
    // For the version of the package, which reports and pictures name
    "deno.json",
  ],
  // What is not for scripts, and so not in mod.ts, is for the page
  "studio/": ["src/", "plugins/datasets/mod.ts"],
  "src/cli/": [...HOST, "src/dcgan/", "src/gpu/", "src/mpi/", "src/files/", "plugins/datasets/", "deno.json"],
};

Deno.test("imports run one way: cli, dcgan, nn, gpu", async () => {
  const wrong: string[] = [];
  for (const [part, others] of Object.entries(allowed)) {
    for await (const path of sources(part)) {
      for (const target of await importsOf(path)) {
        if (choosesHost(path, target)) continue;
        if (![part, ...others].some((start) => target.startsWith(start))) {
          wrong.push(`${path} imports ${target}`);
        }
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("files import each other without circles", async () => {
  const graph = new Map<string, string[]>();
  for (const part of Object.keys(allowed)) {
    // Types leave no trace at run time, and so may point both ways between two files of one idea.
    for await (const path of sources(part)) {
      graph.set(path, await importsOf(path, { types: false }));
    }
  }
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" > "));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  assertEquals(circles, []);
});

Deno.test("every entry point opens with a module doc", async () => {
  for (const path of Object.values(config.exports)) {
    const [doc = ""] = (await read(path)).match(/^\/\*\*[\s\S]*?\*\//) ?? [];
    assertEquals([path, doc.includes("@module")], [path, true]);
  }
});

/** What stays with Deno, or is none of the module's work; a script can do without it in other runtimes. */
const WITH_DENO: readonly string[] = [
  "src/host/",
  "src/cli/",
  // Only Deno's foreign function interface reaches MPI
  "src/mpi/",
  // The servers, signals, and other programs
  "src/dcgan/report/watch/",
  "src/dcgan/serve/",
  "src/dcgan/notebook/jupyter.ts",
  "src/dcgan/notebook/interruption.ts",
  "src/dcgan/explore/films/ffmpeg.ts",
  "plugins/datasets/opening/guard/watching_worker.ts",
  // A text that users get: a test for Deno
  "plugins/datasets/tools/new_dataset.ts",
  // A symbol by that name
  "src/gpu/tensor/print_as_text.ts",
];

Deno.test("all else runs in every runtime, through src/host/", async () => {
  const found: string[] = [];
  for (const folder of ["src/", "plugins/"]) {
    for await (const path of sources(folder)) {
      if (WITH_DENO.some((start) => path.startsWith(start))) continue;
      const code = (await read(path)).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
      const uses = code.match(/\bDeno\.\w+|\bBuffer\.\w+|["']node:[^"']*["']/g);
      if (uses) found.push(`${path} uses ${[...new Set(uses)].join(", ")}`);
    }
  }
  assertEquals(found, []);
});

Deno.test("every file holds one idea, and so stays short", async () => {
  const long: string[] = [];
  for (
    const folder of ["src/", "plugins/", "studio/", "tests/", "bench/", "scripts/", "compat/", "examples/"]
  ) {
    for await (const path of sources(folder)) {
      const lines = (await read(path)).split("\n").length;
      if (lines > MOST_LINES) long.push(`${path}: ${lines} lines`);
    }
  }
  assertEquals(long, []);
});

Deno.test("every folder holds one idea, and so at most 16 files", async () => {
  const counts = new Map<string, number>();
  for (
    const folder of ["src/", "plugins/", "studio/", "tests/", "bench/", "scripts/", "compat/", "examples/"]
  ) {
    for await (const path of sources(folder)) {
      const parent = path.slice(0, path.lastIndexOf("/"));
      counts.set(parent, (counts.get(parent) ?? 0) + 1);
    }
  }
  assertEquals([...counts].filter(([, count]) => count > MOST_FILES), []);
});

Deno.test("file names are in snake case", async () => {
  for (const folder of ["src/", "plugins/", "studio/", "tests/", "bench/", "scripts/", "examples/"]) {
    for await (const path of sources(folder)) {
      assertEquals([path, /^[a-z0-9_/]+\.ts$/.test(path)], [path, true]);
    }
  }
});

Deno.test("every dependency is pinned, and named in deno.json alone", async () => {
  for (const specifier of Object.values(config.imports)) {
    const pinned = /^npm:.+@\d+\.\d+\.\d+$/.test(specifier) || specifier === "jsr:@std/assert@^1";
    assertEquals([specifier, pinned], [specifier, true]);
  }
  for (const folder of ["src/", "plugins/", "studio/", "tests/", "bench/", "scripts/", "examples/"]) {
    for await (const path of sources(folder)) {
      const inline = (await read(path)).match(/(?:from|import\()\s*"(?:npm|jsr|https?):[^"]*"/);
      assertEquals([path, inline], [path, null]);
    }
  }
});
