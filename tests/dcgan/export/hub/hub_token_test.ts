import { assertEquals, assertRejects } from "@std/assert";
import { hubToken } from "../../../../src/dcgan/export/hub/hub_token.ts";
import { withFolder } from "../../../support/temp_folder.ts";

const NAMES = ["HF_TOKEN", "HF_TOKEN_PATH", "HF_HOME", "HOME", "USERPROFILE"] as const;

/** Calls `body` with these variables and none of the others. */
async function withEnv(
  variables: Partial<Record<typeof NAMES[number], string>>,
  body: () => Promise<void>,
): Promise<void> {
  const before = NAMES.map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  try {
    for (const name of NAMES) set(name, variables[name]);
    await body();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

Deno.test("hubToken() finds the token where Hugging Face's tools keep it, and takes the file that is named first", async () => {
  await withFolder(async (folder) => {
    const named = `${folder}/named`;
    await Deno.writeTextFile(named, "hf_named\n");
    await Deno.writeTextFile(`${folder}/token`, "hf_home\n");
    await Deno.mkdir(`${folder}/.cache/huggingface`, { recursive: true });
    await Deno.writeTextFile(`${folder}/.cache/huggingface/token`, "hf_cache");
    await withEnv({ HF_TOKEN: " hf_variable ", HF_HOME: folder }, async () => {
      assertEquals(await hubToken(named), "hf_named");
      assertEquals(await hubToken(), "hf_variable");
    });
    await withEnv(
      { HF_TOKEN_PATH: named, HF_HOME: folder },
      async () => assertEquals(await hubToken(), "hf_named"),
    );
    await withEnv({ HF_HOME: folder, HOME: folder }, async () => assertEquals(await hubToken(), "hf_home"));
    await withEnv({ HOME: folder }, async () => assertEquals(await hubToken(), "hf_cache"));
  });
});

Deno.test("hubToken() says what to do without a token, and tells nothing of what it finds", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/letter`, "Dear reader,\nsecrets");
    await Deno.writeTextFile(`${folder}/empty`, "\n");
    const refuses = async (file: string | undefined, words: string) => {
      const error = await assertRejects(() => hubToken(file), RangeError, words);
      assertEquals(error.message.includes("secrets"), false);
    };
    await withEnv({ HOME: folder }, async () => {
      await refuses(undefined, "a token must be given, found none. Make one that may write at https://");
      await refuses(`${folder}/empty`, "a token must be given, found none");
      await refuses(`${folder}/letter`, "must be one word, found other characters");
      await refuses(`${folder}/none`, `the token must be in ${folder}/none, found no file that can be read`);
    });
    await withEnv(
      { HF_TOKEN: "two words" },
      async () => await refuses(undefined, "the token in HF_TOKEN must be"),
    );
  });
});
