import { assertEquals, assertMatch } from "@std/assert";
import { end, run, start, TINY, withFolder } from "./cli_process.ts";

Deno.test("cli.ts evaluates a run: a page for people, JSON for programs, messages on standard error", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await run(`train ${TINY} --steps 3 --data faces --data-length 200 --out ${out}`);
    const page = await end(start(`evaluate ${out} --count 40 --no-features`));
    assertEquals(page.code, 0, page.errors);
    assertMatch(
      page.output,
      /^.*run, step 3: 40 samples against 40 images of the data\n\n  sliced Wasserstein/,
    );
    assertMatch(page.output, /\nIn short: the samples .*\.\n$/);
    assertMatch(page.errors, /^Comparing with 40 images of the data\nScoring 40 samples of step 3\n$/);

    const json = await end(start(`evaluate ${out} --count 40 --no-features --json`));
    const found = JSON.parse(json.output);
    assertEquals([found.step, found.samples, found.pictures, typeof found.scores.swd.value], [
      3,
      40,
      40,
      "number",
    ]);

    const missing = await end(start(`evaluate ${folder}/none`));
    assertEquals([missing.code, missing.output], [1, ""]);
    assertMatch(missing.errors, /^[^\n]*none[^\n]*\n$/);
  });
});
