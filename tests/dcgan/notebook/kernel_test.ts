/** What shows itself, in Deno's own kernel. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Kernel } from "../../../scripts/notebook/kernel.ts";
import { withFolder } from "../../support/temp_folder.ts";

Deno.test("Interrupting the kernel ends showTraining(), which saves the run, and the kernel goes on", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await using kernel = await Kernel.start(new URL("../../../", import.meta.url).pathname);
    const { outputs } = await kernel.execute(`
      import { openDevice, readRun, showTraining, train } from "@x/dcgan";
      const device = await openDevice();
      const tiny = { data: "faces", size: 16, ngf: 4, ndf: 4, batch: 4, samples: 4, scoreEvery: 0 };
      const onEvent = async ({ type }) => {
        if (type !== "metrics") return;
        Deno.kill(Deno.pid, "SIGINT"); // as Jupyter does
        await new Promise((resolve) => setTimeout(resolve, 50));
      };
      await showTraining(train(device, { ...tiny, steps: 5000, out: ${JSON.stringify(out)} }), { onEvent })`);
    const [shown, error] = outputs;
    assert(shown?.output_type === "display_data" && error?.output_type === "error", JSON.stringify(outputs));
    assertStringIncludes(
      `${shown.data["text/plain"]}`,
      `Interrupted. What was learned is saved in ${out}; continue with train(device, { resume: "${out}" })`,
    );
    assertEquals([error.ename, error.evalue], ["AbortError", "The training was interrupted"]);
    const after = await kernel.execute(`
      const { step, state } = await readRun(${JSON.stringify(out)});
      const end = await showTraining(train(device, { resume: ${JSON.stringify(out)}, steps: step + 1 }));
      [state, end.step - step]`);
    const result = after.outputs.find((output) => output.output_type === "execute_result");
    assertEquals(result?.data, { "text/plain": '[ "stopped", 1 ]' }, JSON.stringify(after.outputs));
  });
});
