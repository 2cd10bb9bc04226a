import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { evaluate } from "../../../src/dcgan/evaluate.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { train } from "../../../src/dcgan/train.ts";
import { bundleOf } from "../../support/bundle_of.ts";
import { gpuTest } from "../../support/gpu.ts";
import { withFolder } from "../../support/temp_folder.ts";

gpuTest("sample() and evaluate() give results that show themselves in a notebook", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const tiny = { size: 16, ngf: 4, ndf: 4, batch: 4, steps: 2, samples: 4, scoreEvery: 0, out } as const;
    await Array.fromAsync(train(device, { ...tiny, data: "faces", dataOptions: { length: 200 } }));

    const result = await sample(device, out, { count: 4, out: `${folder}/grid.png` });
    // It is plain data otherwise
    const plain = { paths: [`${folder}/grid.png`], count: 4, warnings: [] };
    assertEquals(result, plain);
    assertEquals(Deno.inspect(result), Deno.inspect(plain));
    assertEquals(JSON.stringify(result), JSON.stringify(plain));
    const grid = await bundleOf(result);
    assertEquals(grid["text/plain"], `4 samples in ${folder}/grid.png`);
    assertEquals(grid["image/png"], (await Deno.readFile(`${folder}/grid.png`)).toBase64());
    assertStringIncludes(grid["text/html"]!, grid["image/png"]!);

    const files = await sample(device, out, { count: 20, out: `${folder}/files`, format: "images" });
    const shown = await bundleOf(files);
    assertMatch(shown["text/plain"]!, /^20 samples in .*files\/.*png and 19 other files$/);
    assertEquals(shown["text/html"]!.match(/<img /g)!.length, 16);

    const array = await bundleOf(
      await sample(device, out, { count: 1, out: `${folder}/a.npy`, format: "npy" }),
    );
    assertEquals(array["text/plain"], `1 sample in ${folder}/a.npy`);
    assertEquals([array["image/png"], array["text/html"]!.includes("<img")], [undefined, false]);

    await Deno.remove(`${folder}/grid.png`);
    assertEquals((await bundleOf(result))["image/png"], undefined);

    const evaluation = await evaluate(device, out, { count: 100, features: false });
    assertEquals(evaluation, { ...evaluation });
    const scores = await bundleOf(evaluation);
    assertMatch(
      scores["text/plain"]!,
      /^100 samples of step 2 of .*, against 100 images of the data\n {2}sliced Wasserstein {2}\d.*low\n[^]*The scores say that the samples .*\.$/,
    );
    assertStringIncludes(scores["text/html"]!, "<td");
    assertStringIncludes(scores["text/html"]!, "sliced Wasserstein");
  });
});
