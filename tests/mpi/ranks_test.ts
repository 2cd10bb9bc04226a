import "../../src/host/on_native.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startedByMpi, tryLibrary } from "../../src/mpi/mod.ts";
import { mpiTest, start } from "./launch.ts";

mpiTest("openRanks() passes bytes of all sizes between 1, 2 and 4 ranks", async (launcher) => {
  for (const [ranks, most] of [[1, 2 ** 26], [2, 2 ** 26], [4, 2 ** 22]] as const) {
    const { code, text } = await start(launcher, ranks, "./exchange_script.ts", [`${most}`]).ended;
    assertEquals([code, code === 0 ? "" : text], [0, ""]);
    for (let rank = 0; rank < ranks; rank++) {
      assertStringIncludes(
        text,
        `rank ${rank} of ${ranks}, ${rank} of ${ranks} here, by ${launcher.family} `,
      );
    }
  }
});

/** What a fault ends with, in one sentence that names the rank. */
const FAULTS = {
  version: "error: All ranks must have the same version: rank 2 has 1.3.0, and rank 0 has 1.2.0",
  throw: "error: Rank 2 failed, and all ranks end: the disk of pictures is gone",
  hang: "error: All ranks end: the others have waited 2 seconds for rank 2, which hangs",
  apart: "error: All ranks end: the others have waited 7 seconds for rank 2, which hangs",
  silent: "error: All ranks end: the others have waited 2 seconds for rank 0, which hangs",
} as const;

for (const [fault, sentence] of Object.entries(FAULTS)) {
  mpiTest(
    `openRanks() ends all ranks with a sentence that names the one with a fault: ${fault}`,
    async (launcher) => {
      const { code, text, seconds } = await start(launcher, 3, "./fault_script.ts", [fault]).ended;
      assert(code !== 0);
      assertEquals(text.split("\n").filter((line) => line.includes("error: ")), [sentence]);
      assert(!text.includes("all came"));
      assert(seconds < 45, `${seconds} seconds`);
    },
  );
}

mpiTest("Ranks.broadcast() waits for a rank 0 that is slow", async (launcher) => {
  const { code, text } = await start(launcher, 3, "./fault_script.ts", ["slow"]).ended;
  assertEquals([code, text.match(/all came/g)?.length], [0, 3], text);
});

mpiTest("openRanks() ends the others of a rank that ends, whatever the launcher does", async (launcher) => {
  // That of Open MPI ends them in any case
  const flags = launcher.family === "MPICH" ? [...launcher.flags, "-disable-auto-cleanup"] : launcher.flags;
  const { code, seconds } = await start({ ...launcher, flags }, 3, "./fault_script.ts", ["ended"]).ended;
  assertEquals(code, 3);
  assert(seconds < 45, `${seconds} seconds`);
});

Deno.test("startedByMpi() is false in a process that no launcher started", () => {
  assertEquals(startedByMpi(), false);
});

Deno.test("tryLibrary() finds no MPI in what is not there, or is another library", () => {
  assertEquals(tryLibrary("libnothing.so"), undefined);
  if (Deno.build.os === "linux") assertEquals(tryLibrary("libm.so.6"), undefined);
});

mpiTest("tryLibrary() tells the families apart", (launcher) => {
  const names = { "Open MPI": "libmpi.so.40", MPICH: "libmpich.so.12" } as Record<string, string>;
  const found = tryLibrary(names[launcher.family]!);
  assertEquals([found?.family, found?.version.startsWith(`${launcher.family} `)], [launcher.family, true]);
  return Promise.resolve();
});

Deno.test("openRanks() says what to install where there is no MPI", async () => {
  const code = `
    import ${JSON.stringify(import.meta.resolve("../../src/host/on_native.ts"))};
    import { openRanks } from ${JSON.stringify(import.meta.resolve("../../src/mpi/mod.ts"))};
    await openRanks();`;
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    env: { DCGAN_MPI_LIBRARY: "libnothing.so", PMI_RANK: "0", NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stderr);
  assertMatch(
    text,
    /MpiError: Cannot load MPI for the launcher of MPICH: none of libnothing\.so could be opened/,
  );
  assertStringIncludes(text, "apt-get install mpich");
});
