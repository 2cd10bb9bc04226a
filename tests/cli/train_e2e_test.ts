import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeNpy } from "../../src/files/npy.ts";
import { decodePicture } from "../../src/pictures/mod.ts";
import { end, namesIn, run, start, TINY, withFolder } from "./cli_process.ts";

Deno.test("cli.ts trains in a pipe, and then draws in every format", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const told = await run(`train ${TINY} --steps 12 --sample-every 6 --checkpoint-every 6 --out ${out}`);
    const lines = told.trimEnd().split("\n");
    assertMatch(lines[0]!, /^data +faces, 100000 images of 16x16x3$/);
    assert(!told.includes("\r") && !told.includes("\x1b"), told);
    for (
      const line of [
        `step 6: ${out}/samples/step-000006.png`,
        `step 6: checkpoint ${out}/checkpoints/step-000006`,
        `step 12: ${out}/samples/step-000012.png`,
        `step 12: checkpoint ${out}/checkpoints/step-000012`,
      ]
    ) assert(lines.includes(line), `${line} is not in\n${told}`);
    assertMatch(told, /^step 12\/12 {2}0\.0 s left {2}loss D \d.* {2}\S+ img\/s {2}/m);
    assertMatch(
      told,
      /\nTrained 12 steps in .*\. Run folder: .*\nSample from it: .* sample .*\nSee how it went: .*report\.html\n$/,
    );

    const drawn = await Promise.all([
      run(`sample ${out} --count 5 --seed 7 --out ${folder}/grid.png`),
      run(`sample ${out} --count 5 --seed 7 --out ${folder}/all.npy`),
      run(
        `sample ${out}/checkpoints/step-000012/generator.safetensors --count 5 --format images --out ${folder}/five`,
      ),
    ]);
    assertEquals(drawn, [
      `5 images: ${folder}/grid.png\n`,
      `5 images: ${folder}/all.npy\n`,
      `5 images: ${folder}/five, 5 files\n`,
    ]);
    const grid = await decodePicture(await Deno.readFile(`${folder}/grid.png`));
    assert(grid.width >= 32 && grid.height >= 32);
    assertEquals(decodeNpy(await Deno.readFile(`${folder}/all.npy`)).shape, [5, 3, 16, 16]);
    assertEquals((await namesIn(`${folder}/five`)).length, 5);
  });
});

Deno.test("cli.ts train --dry-run shows config, layers, memory and time, and writes nothing", async () => {
  await withFolder(async (folder) => {
    const told = await run(`train ${TINY} --steps 12 --out ${folder}/run --dry-run`);
    const config = JSON.parse(told.slice(0, told.indexOf("\n\n")));
    assertEquals([config.size, config.steps, config.channels], [16, 12, 3]);
    assertMatch(told, /^ {2}main\.3 {3}ConvTranspose2d {2}8x8x4 {4}512 {9}16\.4 kFLOP$/m);
    assertMatch(told, /^a step {3}4 images: \S+ MFLOP, \S+ s on /m);
    assertMatch(told, /^memory {3}\S+ .iB, of it \S+ .iB for temporaries;/m);
    assertMatch(told, /^the run {2}12 steps: about /m);
    assertEquals(await namesIn(folder), []);
  });
});

Deno.test("cli.ts says in one line what is wrong with a file to draw from, with exit code 1", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/generator.safetensors`;
    await Deno.writeTextFile(path, "no tensors");
    const { code, output, errors } = await end(start(`sample ${path} --out ${folder}/grid.png`));
    assertEquals([code, output], [1, ""]);
    assertMatch(errors, /^[^\n]*generator\.safetensors[^\n]*\n$/);
    assertEquals(await namesIn(folder), ["generator.safetensors"]);
  });
});
