import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { sharedDevice } from "../../support/gpu.ts";
import { HubServer, TOKEN } from "../../dcgan/export/hub/hub_server.ts";
import { KINDS, makeCase } from "../../dcgan/export/kinds.ts";
import { namesIn, withFolder } from "../../support/temp_folder.ts";
import { fakeTerminal } from "../terminal.ts";

async function call(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(args, terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** Calls `body` in a folder with a checkpoint. */
async function withCheckpoint(body: (folder: string, checkpoint: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const { checkpoint } = await makeCase(await sharedDevice(), KINDS.plain!, folder);
    await body(folder, checkpoint);
  });
}

Deno.test("export writes what the extension of --out says, in one line", async () => {
  await withCheckpoint(async (folder, checkpoint) => {
    const lines: string[] = [];
    for (const name of ["g.onnx", "g.safetensors"]) {
      const { code, output, errors } = await call("export", checkpoint, "--out", `${folder}/${name}`);
      assertEquals([code, errors], [0, ""]);
      lines.push(output.replace(/\d+(\.\d+)? KiB/, "SIZE"));
    }
    assertEquals(lines, [`onnx: ${folder}/g.onnx, SIZE\n`, `safetensors: ${folder}/g.safetensors, SIZE\n`]);
    const torch = `${folder}/torch`;
    const { output } = await call(
      "export",
      checkpoint,
      "--format",
      "torch",
      "--discriminator",
      "--out",
      torch,
    );
    assertStringIncludes(output, `torch: ${torch}, 3 files, `);
    const json = await call("export", checkpoint, "--format", "onnx", "--out", `${folder}/j.onnx`, "--json");
    const { type, command, paths, warnings } = JSON.parse(json.output);
    assertEquals([type, command, paths, warnings], ["files", "export", [`${folder}/j.onnx`], []]);
  });
});

Deno.test("export refuses what it cannot do, before anything is read", async () => {
  await withCheckpoint(async (folder, checkpoint) => {
    await Deno.writeTextFile(`${folder}/mine.onnx`, "mine");
    const refuses = async (words: string, ...args: string[]) => {
      const { code, output, errors } = await call("export", ...args);
      assertEquals([code, output], [2, ""], errors);
      assertStringIncludes(errors, words);
    };
    await refuses("--format must be one of onnx, safetensors, torch, web, hub, or --out end in", checkpoint);
    await refuses("--out must be a new file, found", checkpoint, "--out", `${folder}/mine.onnx`);
    await refuses("--out must be a new or empty folder", checkpoint, "--format", "torch", "--out", folder);
    await refuses("--out must be in an existing folder", checkpoint, "--out", `${folder}/no/g.onnx`);
    await refuses("<run> must be a run folder", `${folder}/no`, "--format", "onnx");
    await refuses("Allowed choices are onnx", checkpoint, "--format", "tflite");
    await refuses("--yes needs --push", checkpoint, "--format", "onnx", "--yes");
    await refuses("--private needs --push", checkpoint, "--format", "onnx", "--private");
    await refuses(
      "--push needs --format hub, found onnx",
      checkpoint,
      "--format",
      "onnx",
      "--push",
      "hf:me/x",
    );
    await refuses("--push needs --yes where nobody can be asked", checkpoint, "--push", "hf:me/x");
    await refuses("It must be user/model", checkpoint, "--push", "hf:me", "--yes");
    await refuses(
      "the token must be in",
      checkpoint,
      "--push",
      "hf:me/x",
      "--yes",
      "--token-file",
      `${folder}/no`,
    );
    assertEquals(await Deno.readTextFile(`${folder}/mine.onnx`), "mine");
    assertEquals(await namesIn(folder), ["mine.onnx", "step-000007"]);
  });
});

Deno.test("export --ddp says what a training script must come from", async () => {
  await withCheckpoint(async (folder, checkpoint) => {
    const out = `${folder}/torch`;
    const known = {
      torch: "its run must be there, found a checkpoint alone",
      web: '"ddp" is for format "torch"',
    };
    for (const [format, words] of Object.entries(known)) {
      const { code, output, errors } = await call(
        "export",
        checkpoint,
        "--format",
        format,
        "--ddp",
        "--out",
        out,
      );
      assertEquals([code, output], [1, ""], errors);
      assertStringIncludes(errors, words);
    }
    assertEquals(await namesIn(folder), ["step-000007"]);
  });
});

Deno.test("export --push says what it uploads, uploads it, and never shows the token", async () => {
  await withCheckpoint(async (folder, checkpoint) => {
    await using server = new HubServer({ large: /safetensors|onnx/ });
    await Deno.writeTextFile(`${folder}/token`, `${TOKEN}\n`);
    const before = Deno.env.get("HF_ENDPOINT");
    Deno.env.set("HF_ENDPOINT", server.url);
    try {
      const out = `${folder}/hub`;
      const flags = [
        "--license",
        "mit",
        "--private",
        "--yes",
        "--token-file",
        `${folder}/token`,
        "--out",
        out,
      ];
      const { code, output, errors } = await call("export", checkpoint, "--push", "hf:me/faces", ...flags);
      assertEquals([code, errors], [0, ""]);
      assertStringIncludes(
        output.replace(/[\d.]+ KiB/, "SIZE"),
        "Will upload 6 files, SIZE, to hf:me/faces, which only you may see if it is new: README.md, config.json, ",
      );
      assert(output.endsWith(`: ${server.url}/me/faces\n`), output);
      assert(!output.includes(TOKEN));
      assertEquals([...server.files.keys()].sort(), (await namesIn(out)).sort());
      for (const [name, bytes] of server.files) assertEquals(bytes, await Deno.readFile(`${out}/${name}`));
    } finally {
      if (before === undefined) Deno.env.delete("HF_ENDPOINT");
      else Deno.env.set("HF_ENDPOINT", before);
    }
  });
});
