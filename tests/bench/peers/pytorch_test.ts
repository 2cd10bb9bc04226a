import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OURS, oursBeside, pytorchOn } from "../../../bench/peers/contenders.ts";
import { parsePeerOptions } from "../../../bench/peers/options.ts";
import { findPyTorch } from "../../../bench/peers/pytorch/find_pytorch.ts";
import { GIVEN_STEPS, givenBytes } from "../../../bench/peers/pytorch/given.ts";
import { Worker } from "../../../bench/peers/worker.ts";

const problem = {
  size: 16,
  channels: 3,
  ngf: 8,
  ndf: 4,
  latent: 10,
  batch: 4,
  sampled: 6,
  seed: 1,
  firstLayer: "transposed",
  upsampling: "transposed",
} as const;

Deno.test("parsePeerOptions() matches names in either case, and takes a Python", () => {
  const { only, python } = parsePeerOptions(["--only", "s training: pytorch", "--python", "py"]);
  assertEquals(only.test("S training: PyTorch, 1 thread, channels last"), true);
  assertEquals(only.test("M training: PyTorch, 1 thread, channels last"), false);
  assertEquals(python, "py");
  assertEquals(parsePeerOptions([]).python, undefined);
});

Deno.test("findPyTorch() says in a sentence that there is no PyTorch", async () => {
  // Deno stands in for a Python without it.
  for (const python of ["no-such-python", Deno.execPath()]) {
    const found = await findPyTorch(python);
    assert("skipped" in found, JSON.stringify(found));
    assert(found.skipped.includes(`was found as ${python}. --python names one`), found.skipped);
  }
});

Deno.test("givenBytes() has all first values, latent vectors and pictures", () => {
  // Kernels of 4x4 on 10, 16 and 8 maps, and on 3, 4 and 8; a gain and a shift for 16, 8 and 8 maps.
  const parameters = 16 * (10 * 16 + 16 * 8 + 8 * 3 + 3 * 4 + 4 * 8 + 8 * 1) + 2 * (16 + 8 + 8);
  const latents = 10 * (GIVEN_STEPS * 4 + 6);
  assertEquals(givenBytes(problem).length, 4 * (parameters + latents) + 4 * 16 * 16 * 3);
});

Deno.test("Worker refuses a contender in Python where none is known", () => {
  assertThrows(() => new Worker(pytorchOn(1)[0]!, { problem }), Error, "needs a Python that has PyTorch");
});

const pytorch = await findPyTorch();
const python = "python" in pytorch ? pytorch.python : undefined;

Deno.test({
  name: `PyTorch's contestant computes what ours does${python ? "" : " (skipped: no PyTorch)"}`,
  ignore: python === undefined,
  async fn() {
    await using owned = new AsyncDisposableStack();
    const given = owned.adopt(await Deno.makeTempFile(), (path) => Deno.remove(path));
    await Deno.writeFile(given, givenBytes(problem));
    const start = { problem, pytorch: { python: python!, given } };
    const peers = pytorchOn(1);
    const workers = [oursBeside(peers[0]!), ...peers].map((each) => owned.use(new Worker(each, start)));
    for (const worker of workers) {
      await worker.firstStep();
      await worker.ask("inspect");
      const { losses } = await worker.ask("train", GIVEN_STEPS - 1);
      assertEquals(losses.length, GIVEN_STEPS - 1);
      assert((await worker.ask("sample", 2)).milliseconds > 0);
      const off = worker.inspection.compare(workers[0]!.inspection);
      assert(off.losses < 1e-2 && off.pictures! < 1e-2, JSON.stringify(off));
    }
  },
});

Deno.test({
  name: `PyTorch's contestant says why it gives up${python ? "" : " (skipped: no PyTorch)"}`,
  ignore: python === undefined,
  async fn() {
    await using worker = new Worker(pytorchOn(1)[0]!, {
      problem,
      pytorch: { python: python!, given: "/no/such/file" },
    });
    await assertRejects(() => worker.firstStep(), Error, "No such file");
  },
});

Deno.test("OURS and PyTorch's contestants are programs that are there", async () => {
  for (const { program, config } of [OURS, ...pytorchOn(2)]) {
    for (const path of [program, config]) {
      assert((await Deno.stat(new URL(`../../../bench/peers/${path}`, import.meta.url))).isFile);
    }
  }
});
