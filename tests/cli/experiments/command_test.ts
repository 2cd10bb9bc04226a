import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { readMark } from "../../../src/dcgan/explore/marks/read_mark.ts";
import { gpuTest } from "../../support/gpu.ts";
import { trainTiny, withFolder } from "../../dcgan/tiny.ts";
import { fakeTerminal } from "../terminal.ts";

async function call(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(args, terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** The first bytes of a PNG. */
const PNG = [0x89, 0x50, 0x4e, 0x47];

const NAMES = ["svm", "nearest-neighbor", "walk", "guided-backprop", "drop-filters", "arithmetic"];

Deno.test("experiment lists all experiments, and each has help with examples", async () => {
  const all = await call("experiment", "--help");
  for (const name of NAMES) {
    assertStringIncludes(all.output, `  ${name} `);
    const { code, output } = await call("experiment", name, "--help");
    assertEquals(code, 0);
    assertMatch(output, new RegExp(`Examples:\\n[^]*experiment ${name} `));
    assertStringIncludes(output, "--json");
  }
});

Deno.test("experiment names what is probably meant by a word that is none", async () => {
  const { code, errors } = await call("experiment", "svn", "runs/a");
  assertEquals(code, 2);
  assertMatch(
    errors,
    /"experiment svn" is not an experiment \(did you mean "svm"\?\): allowed are svm, nearest-/,
  );
});

Deno.test("experiment refuses values and paths before anything is read", async () => {
  await withFolder(async (folder) => {
    const refuses = async (args: readonly string[], words: string, expected = 2) => {
      const { code, errors } = await call("experiment", ...args);
      assertEquals([args, code], [args, expected]);
      assertStringIncludes(errors, words);
    };
    await refuses(["svm", "r", "--c", "0.1,x"], "It must be a list of numbers above 0.");
    // A discriminator has no average, so that no flag for one is advised
    await refuses(["svm", "r", "--from", "raw"], "best, last, or the step of a checkpoint.\n");
    await refuses(["walk", "r", "--from", "raw"], "another flag: --no-ema.");
    await refuses(["svm", "r", "--draws", "101"], "It must be a whole number from 1 to 100.");
    await refuses(["svm", "r", "--data", "no-such-set"], "--data: ");
    await refuses(["walk", "r", "--out", `${folder}/a.gif`], "--out must end in .png");
    await Deno.writeTextFile(`${folder}/mine.png`, "");
    await refuses(["walk", "r", "--out", `${folder}/mine.png`], "which already exists");
    await refuses(["svm", folder], `error: ${folder} `, 1);
    await refuses(
      ["drop-filters", "r", "--boxes", `${folder}/none.json`, "--out", `${folder}/a.png`],
      "--boxes must be a JSON file, found nothing at",
    );
  });
});

gpuTest("experiment puts figures beside the paper's, writes pictures, and gives JSON", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const dataOptions = { length: 200 };
    await trainTiny(device, { data: "faces", dataOptions, steps: 2, conditional: "glasses", out: run });
    const data = ["--data", "faces", "--data-length", "200"];

    const svm = await call(
      "experiment",
      "svm",
      run,
      ...data,
      "--per-class",
      "8",
      "--draws",
      "2",
      "--test-limit",
      "20",
    );
    assertEquals(svm.code, 0, svm.errors);
    assertMatch(svm.output, /^.*run, step 2: a linear SVM on the features of its discriminator\n\n/);
    assertMatch(svm.output, /\n {2}accuracy {2,}\d+\.\d ± \d+\.\d % {2,}73\.8 ± 0\.4 %\n/);
    assertMatch(svm.output, /\n {2}the discriminator saw {2,}faces {2,}ImageNet-1k\n/);
    assertMatch(svm.output, /At the paper's size, all of CIFAR-10 takes \d.* TFLOP and 5\.34 GiB on the GPU/);
    assertStringIncludes(svm.errors, "Training an SVM on 24 images with C = 0.0001, draw 1 of 2\n");

    const pictures = {
      walk: [],
      "guided-backprop": ["--limit", "30"],
      "nearest-neighbor": ["--samples", "30", "--limit", "10"],
    };
    for (const [name, flags] of Object.entries(pictures)) {
      const out = `${folder}/${name}.png`;
      const page = await call("experiment", name, run, ...flags, "--out", out);
      assertEquals([name, page.code], [name, 0], page.errors);
      assertStringIncludes(page.output, "paper");
      assertMatch(page.output, new RegExp(`\nPicture: ${out}\n$`));
      assertEquals([...(await Deno.readFile(out)).subarray(0, 4)], PNG);
      // It shows images of the dataset, and no samples
      const command = name === "guided-backprop" ? undefined : `experiment ${name}`;
      assertEquals((await readMark(out))?.made.command, command);
    }
    const bare = `${folder}/bare.png`;
    await call("experiment", "walk", run, "--unmarked", "--out", bare);
    assertEquals(await readMark(bare), undefined);

    const boxes = `${folder}/boxes.json`;
    const box = [0.1, 0.1, 0.6, 0.6];
    await Deno.writeTextFile(
      boxes,
      JSON.stringify({ seed: 1, boxes: [{ sample: 0, box }, { sample: 5, box }] }),
    );
    const out = `${folder}/drop.png`;
    const drop = await call("experiment", "drop-filters", run, "--boxes", boxes, "--json", "--out", out);
    assertEquals(drop.code, 0, drop.errors);
    const { type, boxed, maps, picture, mark, path } = JSON.parse(drop.output);
    assertEquals([type, boxed, maps, picture, mark, path], ["drop-filters", 2, 8, undefined, undefined, out]);
    assertEquals([...(await Deno.readFile(out)).subarray(0, 4)], PNG);
  });
});
