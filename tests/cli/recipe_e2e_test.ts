import { assert, assertEquals, assertMatch } from "@std/assert";
import { end, run, start, TINY, withFolder } from "./cli_process.ts";

Deno.test("cli.ts trains by the recipe auto unless it is told otherwise, and says what it chose", async () => {
  await withFolder(async (folder) => {
    const sizes = TINY.replace("--preset pytorch ", "");
    const configOf = async (name: string) =>
      JSON.parse(await Deno.readTextFile(`${folder}/${name}/config.json`));
    const told = await run(`train ${sizes} --data-length 40 --minutes 0.03 --out ${folder}/auto`);
    assertMatch(
      told,
      /^recipe +40 images of 16x16x3: loss rpgan with gradient penalties \(r1 2, r2 2\), no norm/m,
    );
    const steps = Number(/^ +(\d+) steps, as so many fit in 0\.03 minutes/m.exec(told)![1]);
    const config = await configOf("auto");
    assertEquals([config.steps, config.loss, config.dNorm], [steps, "rpgan", "none"]);
    // A resumed run keeps its recipe
    assert(!(await run(`train --resume ${folder}/auto --more 2`)).includes("recipe"));
    assertEquals((await configOf("auto")).loss, "rpgan");

    assert(!(await run(`train ${TINY} --steps 2 --out ${folder}/classic`)).includes("recipe"));
    assertEquals((await configOf("classic")).loss, "non-saturating");
    const { code, errors } = await end(start(`train ${sizes} --minutes 1 --steps 5`));
    assertEquals(code, 2);
    assertMatch(errors, /--minutes cannot be combined with "steps"/);
  });
});
