import "../../src/host/on_native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { findLaunchers, installedMpi } from "../../src/mpi/installed.ts";
import { libraryVersion } from "../../src/mpi/library.ts";

/** Whether a program can be run. */
const runs = (program: string): boolean => {
  try {
    return new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
};

const debians = { "Open MPI": "mpirun.openmpi", MPICH: "mpirun.mpich" } as const;
for (const [family, launcher] of Object.entries(debians)) {
  const isThere = runs(launcher);
  Deno.test({
    name: `installedMpi() finds library and launcher of ${family}${
      isThere ? "" : ` (skipped: no ${launcher})`
    }`,
    ignore: !isThere,
    fn: async () => {
      const found = (await installedMpi())?.find((one) => one.family === family);
      assertMatch(found?.library ?? "", new RegExp(`^${family} \\d+\\.\\d+`));
      assertEquals(found?.library, `${family} ${found?.launcher?.version}`);
      assertEquals(["mpirun", launcher].includes(found?.launcher?.name ?? ""), true);
    },
  });
}

Deno.test("libraryVersion() knows no MPI in other libraries, nor where there is none", () => {
  const others = Deno.build.os === "linux" ? ["libc.so.6", "libnothing.so.1"] : ["libnothing.1.dylib"];
  assertEquals(others.map(libraryVersion), others.map(() => undefined));
});

Deno.test({
  name:
    "findLaunchers() tells launchers by what they say, and passes over what is broken, hangs or is something else",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const program = async (name: string, script: string, mode = 0o755): Promise<string> => {
        await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\n${script}\n`, { mode });
        return `${folder}/${name}`;
      };
      const broken = await program("broken", "echo 'mpirun (Open MPI) 9.9'; exit 1");
      const hanging = await program("hanging", "exec sleep 60");
      const other = await program("other", "echo 'slurm 23.11.4'");
      const closed = await program("closed", "echo 'mpirun (Open MPI) 9.8'", 0o644);
      const intel = await program(
        "intel",
        "echo 'Intel(R) MPI Library for Linux* OS, Version 2021.13 Build 2'",
      );
      const hydra = await program("hydra", "echo 'HYDRA build details:'; echo '  Version: 4.2.1'");
      const open = await program("open", "echo 'mpirun (Open MPI) 5.0.6'");
      const names = [broken, hanging, other, closed, `${folder}/missing`, hydra, intel, open];
      assertEquals(
        [...await findLaunchers(names, 500)],
        [["MPICH", { name: hydra, version: "4.2.1" }], ["Open MPI", { name: open, version: "5.0.6" }]],
      );
      assertEquals([...await findLaunchers([intel])], [["MPICH", { name: intel, version: "2021.13" }]]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("installedMpi() looks for nothing without the permissions, which loading it needs none of", async () => {
  const module = new URL("../../mod.ts", import.meta.url).href;
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      script,
      `import { installedMpi } from "${module}"; console.log(await installedMpi());`,
    );
    for (const permissions of [[], ["--allow-ffi"], ["--allow-run"]]) {
      const config = new URL("../../deno.json", import.meta.url).pathname;
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", "--config", config, ...permissions, script],
      }).output();
      assertEquals([permissions, new TextDecoder().decode(stdout)], [permissions, "undefined\n"]);
    }
  } finally {
    await Deno.remove(script);
  }
});
