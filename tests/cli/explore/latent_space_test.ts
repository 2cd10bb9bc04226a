import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { openDevice } from "../../../src/gpu/mod.ts";
import { trainTiny, withFolder } from "../../dcgan/tiny.ts";
import { fakeTerminal } from "../terminal.ts";

/** What a command wrote, and its exit code. */
async function call(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(args, terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

Deno.test("main() finds directions, adds, projects and compares, and says in a line what it wrote", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    {
      using device = await openDevice();
      const dataOptions = { length: 200 };
      await trainTiny(device, { out: run, steps: 1, sampleEvery: 0, data: "faces", dataOptions });
    }
    const says = async (said: string, ...args: string[]) => {
      const { code, output, errors } = await call(...args);
      assertEquals([code, errors], [0, ""], args.join(" "));
      assertStringIncludes(output, said);
    };
    const out = (name: string) => ["--out", `${folder}/${name}`];
    await says(
      `3 directions: ${folder}/d.png; names: ${run}/directions.json`,
      ...["directions", run, "--count", "3", "--name", "2=light", "--name", "3=hair", ...out("d.png")],
    );
    await says(
      `1 direction: ${folder}/o.png`,
      ...["directions", run, "--only", "light", "--range", "5", ...out("o.png")],
    );
    await says("8 directions:", "directions", run, "--pictures", "--samples", "64", ...out("p.png"));
    const factors = ["directions", run, "--factors", "turn,glasses", "--samples", "64", ...out("f.png")];
    await says("of 4 factors found", ...factors);
    await says(`numbered samples, for --a, --b and --c: ${folder}/n.png`, "arithmetic", run, ...out("n.png"));
    await says(
      `A - B + C: ${folder}/r.png`,
      ...["arithmetic", run, "--a", "1:5,1:7", "--b", "1:2", "--c", "3", ...out("r.png")],
    );
    const picture = `${folder}/one.png`;
    await says("1 image", "sample", run, "--count", "1", "--out", picture);
    await says(
      `${folder}/j.png; latents: ${folder}/j.npy`,
      ...["project", run, picture, "--steps", "20", "--move", "light=2", ...out("j.png")],
    );
    await says(
      "2 images",
      "interpolate",
      run,
      "--latents",
      await twice(folder),
      "--steps",
      "2",
      ...out("i.png"),
    );
    await says(
      "1 sample and their nearest of 200 images, none looks like a copy",
      ...["neighbors", run, "--count", "1", "--no-features", ...out("b.png")],
    );
  });
});

/** Projects a picture twice, and gives the file of the latents. */
async function twice(folder: string): Promise<string> {
  const picture = `${folder}/one.png`;
  const { code } = await call(
    "project",
    `${folder}/run`,
    picture,
    picture,
    "--steps",
    "5",
    "--out",
    `${folder}/t.png`,
  );
  assertEquals(code, 0);
  return `${folder}/t.npy`;
}

Deno.test("main() refuses what it cannot explore before it opens the GPU", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/netG.safetensors`, "");
    const run = `${folder}/netG.safetensors`;
    const refuses = async (words: string, ...args: string[]) => {
      const { code, errors } = await call(...args);
      assert(errors.includes(words), errors);
      assertEquals(code, 2);
    };
    await refuses("such as 3=smile", "directions", run, "--name", "smile");
    await refuses("two names for 3", "directions", run, "--name", "3=a", "--name", "3=b");
    await refuses("cannot be used with option", "directions", run, "--pictures", "--only", "a");
    await refuses("--a and --b must be given together", "arithmetic", run, "--a", "1");
    await refuses("--name must be given with --a and --b", "arithmetic", run, "--name", "a");
    await refuses("as 1:5,1:9", "arithmetic", run, "--a", "1:5,turn=high", "--b", "1");
    await refuses('pictures must be existing files, found none at "no.png"', "project", run, "no.png");
    await refuses("such as smile=2", "project", run, run, "--move", "smile");
    await refuses("--statistics must be running", "project", run, run, "--statistics", "batch");
    await refuses("<run> must be a run folder", "neighbors", `${folder}/no`);
  });
});
