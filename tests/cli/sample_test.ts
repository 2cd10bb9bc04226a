import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../src/cli/errors.ts";
import { main } from "../../src/cli/main.ts";
import { checkSamplesOut, freePath } from "../../src/cli/arguments/check_paths.ts";
import { formatConfig, resolveConfig } from "../../src/dcgan/options/config.ts";
import { withFolder } from "../dcgan/tiny.ts";
import { fakeTerminal } from "./terminal.ts";

async function call(...args: string[]): Promise<{ code: number; errors: string }> {
  const terminal = fakeTerminal();
  return { code: await main(args, terminal), errors: terminal.errors() };
}

Deno.test("checkSamplesOut() keeps files and folders that are there, unless told to replace a file", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/p.png`, "mine");
    await Deno.mkdir(`${folder}/empty`);
    const refuses = async (out: string, format: "file" | "images", words: string) => {
      await assertRejects(() => checkSamplesOut(out, format, false), UsageError, words);
    };
    await refuses(
      `${folder}/p.png`,
      "file",
      `--out must be a new file, found "${folder}/p.png", which already exists`,
    );
    await refuses(folder, "file", `--out must be a file, found "${folder}", a folder`);
    await refuses(`${folder}/no/x.png`, "file", `--out must be in an existing folder, found nothing at`);
    await refuses(
      folder,
      "images",
      `--out must be a new or empty folder for images, found "${folder}", a folder with`,
    );
    await refuses(`${folder}/p.png`, "images", `--out must be a new or empty folder for images, found`);
    await checkSamplesOut(`${folder}/p.png`, "file", true);
    await checkSamplesOut(`${folder}/q.png`, "file", false);
    await checkSamplesOut(`${folder}/empty`, "images", false);
    await checkSamplesOut(`${folder}/a/new/one`, "images", false);
  });
});

Deno.test("freePath() counts on where something is", async () => {
  await withFolder(async (folder) => {
    const at = `${folder}/samples-1`;
    assertEquals(await freePath(at, ".png"), `${at}.png`);
    await Deno.writeTextFile(`${at}.png`, "");
    await Deno.writeTextFile(`${at}-2.png`, "");
    assertEquals(await freePath(at, ".png"), `${at}-3.png`);
    await Deno.mkdir(at);
    assertEquals(await freePath(at, ""), at);
    await Deno.writeTextFile(`${at}/000000.png`, "");
    assertEquals(await freePath(at, ""), `${at}-2`);
  });
});

Deno.test("main() refuses to sample over a file before anything is drawn", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/netG.safetensors`, "");
    await Deno.writeTextFile(`${folder}/p.png`, "mine");
    const { code, errors } = await call("sample", `${folder}/netG.safetensors`, "--out", `${folder}/p.png`);
    assertEquals([code, errors], [
      2,
      `error: --out must be a new file, found "${folder}/p.png", which already exists. Name another one, or add --overwrite ` +
      `to replace it\n`,
    ]);
    assertEquals(await Deno.readTextFile(`${folder}/p.png`), "mine");
  });
});

Deno.test("main() lists the runs in a folder of runs", async () => {
  await withFolder(async (folder) => {
    for (const name of ["faces-1", "faces-10", "faces-2"]) {
      await Deno.mkdir(`${folder}/${name}`);
      const config = resolveConfig({ out: `${folder}/${name}` });
      await Deno.writeTextFile(`${folder}/${name}/config.json`, formatConfig(config));
    }
    const names = ["faces-1", "faces-2", "faces-10"].map((name) => `${folder}/${name}`).join(", ");
    for (const args of [["sample", `${folder}/`], ["train", "--resume", folder]]) {
      const { code, errors } = await call(...args);
      assertEquals(code, 1);
      assertStringIncludes(errors, `is not a run folder but holds runs. Name one of them: ${names}\n`);
    }
  });
});
