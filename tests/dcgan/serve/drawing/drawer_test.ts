import { assert, assertEquals, assertMatch } from "@std/assert";
import { createGenerator } from "../../../../src/dcgan/networks/generator.ts";
import { openGenerator } from "../../../../src/dcgan/explore/open_generator.ts";
import { Drawer } from "../../../../src/dcgan/serve/drawing/drawer.ts";
import type { DrawingJob, JobResult } from "../../../../src/dcgan/serve/drawing/drawing_job.ts";
import { sampleQuery } from "../../../../src/dcgan/serve/queries/sample_query.ts";
import { encodeSafetensors, Network, stateDict } from "../../../../src/nn/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { SMALL } from "../../sampling/state_dicts.ts";
import { withFolder } from "../../tiny.ts";
import { someServed } from "../queries/some_served.ts";

const served = someServed({ sides: { width: SMALL.size, height: SMALL.size }, latent: SMALL.latent });
const job = (query: string): DrawingJob => sampleQuery(query, undefined, served);
const fileOf = (result: JobResult | undefined): Uint8Array => {
  assert(result && "file" in result, JSON.stringify(result));
  return result.file;
};

gpuTest("Drawer draws what can be drawn beside what cannot, and says why", async (device) => {
  await withFolder(async (folder) => {
    using fresh = new Network(device, createGenerator(SMALL), { seed: 1 });
    const dict = await stateDict(fresh);
    // Latents of zeros stay zeros; others become an infinity minus an infinity
    for (const [name, { shape, data }] of dict) {
      if (shape.length !== 4) continue;
      const values = Float32Array.from(data as Float32Array, (value) => Math.sign(value) * 3e38);
      dict.set(name, { dtype: "F32", shape, data: values });
    }
    await Deno.writeFile(`${folder}/large.safetensors`, encodeSafetensors(dict));
    using generator = await openGenerator(device, `${folder}/large.safetensors`);
    const drawer = new Drawer(generator, {});
    const jobs = ["count=2&truncation=0", "count=2", "count=3&truncation=0"].map(job);
    const [first, second, third] = await drawer.draw(jobs);
    assertEquals(fileOf(first), fileOf((await drawer.draw([jobs[0]!]))[0]));
    assertEquals(fileOf(third), fileOf((await drawer.draw([jobs[2]!]))[0]));
    assert(second && "problem" in second);
    assertMatch(second.problem, /^Cannot draw sample \d: some of its values are NaN or infinite/);
  });
});
