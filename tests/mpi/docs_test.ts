/** What docs/scale.md and docs/permissions.md say of MPI and of cards. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { withFolder } from "../support/temp_folder.ts";
import { mpiTest } from "./launch.ts";

const root = new URL("../../", import.meta.url);
const scale = await Deno.readTextFile(new URL("docs/scale.md", root));
const permissions = await Deno.readTextFile(new URL("docs/permissions.md", root));

/** Runs a program to its end. */
async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** A machine with three cards and other devices. */
const LSPCI = `#!/bin/sh
echo '0000:00:1f.3 Audio device: a loudspeaker'
echo '0000:01:00.0 VGA compatible controller: a card'
echo '0000:41:00.0 3D controller: the same'
echo '0001:c1:00.1 Display controller: the same'
`;

mpiTest("own_card.sh gives each rank the card of its number", async ({ path, flags }) => {
  const [, script] = /```sh\n(#!\/bin\/sh\nrank=[^]*?)```/.exec(scale)!;
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/own_card.sh`, script!, { mode: 0o755 });
    await Deno.writeTextFile(`${folder}/lspci`, LSPCI, { mode: 0o755 });
    const { code, text } = await run(
      path,
      [...flags, "-n", "3", `${folder}/own_card.sh`, "printenv", "DRI_PRIME"],
      { PATH: `${folder}:${Deno.env.get("PATH")}` },
    );
    assertEquals([code, text.trim().split("\n").sort()], [
      0,
      ["pci-0000_01_00_0", "pci-0000_41_00_0", "pci-0001_c1_00_1"],
    ]);
  });
});

/** Two drivers, as cards of different vendors. */
const DRIVERS = {
  llvmpipe: ["/usr/share/vulkan/icd.d/lvp_icd.x86_64.json", "10005:0", "0x10005:0x0"],
  SwiftShader: ["/usr/lib/chromium/vk_swiftshader_icd.json", "1ae0:c0de", "0x1ae0:0xc0de"],
} as const;
const files = Object.values(DRIVERS).map(([file]) => file);
const areThere = files.every((file) => {
  try {
    return Deno.statSync(file).isFile;
  } catch {
    return false;
  }
});

Deno.test({
  name: `variables of Vulkan choose the adapter${areThere ? "" : " (skipped: no two drivers)"}`,
  ignore: !areThere,
  fn: async () => {
    const code = `const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
      console.log(adapter?.info.description, adapter?.info.device);`;
    const adapter = async (env: Record<string, string>): Promise<string> =>
      (await run(Deno.execPath(), ["eval", "--no-config", code], { XDG_RUNTIME_DIR: "/tmp", ...env })).text;
    for (const [name, [file, mesa, loader]] of Object.entries(DRIVERS)) {
      const both = { VK_DRIVER_FILES: files.join(":") };
      for (
        const [variable, value] of Object.entries({
          MESA_VK_DEVICE_SELECT: mesa,
          VK_LOADER_DEVICE_SELECT: loader,
          VK_DRIVER_FILES: file,
        })
      ) {
        assert(scale.includes(`${variable}=`));
        assertStringIncludes(await adapter({ ...both, [variable]: value }), name, variable);
      }
    }
  },
});

mpiTest("train on ranks needs the permissions that docs/permissions.md says", async ({ path, flags }) => {
  const [, needed] = /^## Several ranks\n([^]*?)\n## /m.exec(permissions)!;
  const ranks = [...needed!.matchAll(/`(--allow-[^`]+)`/g)].map(([, one]) => one!);
  assertEquals(ranks.length, 2);
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const train = (given: readonly string[]) =>
      run(path, [
        ...flags,
        ...["-n", "2", Deno.execPath(), "run", "--no-prompt"],
        ...[...given, `--allow-read=${out}`, `--allow-write=${out}`],
        ...[new URL("cli.ts", root).pathname, "train", "--out", out],
        ..."--preset pytorch --no-report --size 16 --ngf 4 --ndf 4 --batch 8 --samples 4 --steps 1 --shards 2 --score-every 0"
          .split(" "),
      ]);
    const without = await train(ranks.filter((one) => one !== "--allow-ffi"));
    assert(without.code !== 0);
    assertStringIncludes(without.text, "--allow-ffi");
    const { code, text } = await train(ranks);
    assertEquals([code, code === 0 ? "" : text], [0, ""]);
    assertEquals(text.match(/^ranks +2, which share 2 shards/gm)?.length, 1);
  });
});
