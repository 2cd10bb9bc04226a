import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { type EncodedPicture, loadPictures } from "../../../plugins/datasets/decoding/load_pictures.ts";
import { WorkerPool } from "../../../plugins/datasets/decoding/worker_pool.ts";
import { jpeg, ramp } from "../../pictures/files.ts";

const fit = { size: 8, channels: 3 } as const;
const breaking = new URL("./breaking_worker.ts", import.meta.url);

/** Jobs of a few pictures, each of another size and so with other pixels. */
async function makeJobs(count: number, each: number): Promise<Uint8Array[][]> {
  const file = (i: number) => jpeg(ramp(8 + i, 30));
  return await Promise.all(
    Array.from(
      { length: count },
      (_, job) => Promise.all(Array.from({ length: each }, (_, i) => file(job + i))),
    ),
  );
}

function picturesOf(files: readonly Uint8Array[]): EncodedPicture[] {
  return files.map((file) => ({ file: file.slice(), crop: 0.5 }));
}

Deno.test("WorkerPool gives what one thread gives, whatever the number of workers", async () => {
  const jobs = await makeJobs(7, 3);
  const expected = await Promise.all(jobs.map((files) => loadPictures(picturesOf(files), fit)));
  for (const count of [0, 1, 3]) {
    using pool = new WorkerPool(count);
    const found = await Promise.all(
      jobs.map((files) => pool.load(() => Promise.resolve(picturesOf(files)), fit)),
    );
    assertEquals(found, expected, `${count} workers`);
  }
});

Deno.test("WorkerPool opens no more pictures than its workers can take", async () => {
  const jobs = await makeJobs(12, 1);
  using pool = new WorkerPool(2);
  let open = 0;
  let most = 0;
  await Promise.all(jobs.map(async (files) => {
    await pool.load(() => {
      most = Math.max(most, ++open);
      return Promise.resolve(picturesOf(files));
    }, fit);
    open--;
  }));
  // Two for each worker, and two that were done just now
  assert(most <= 6, `${most} were open at once`);
});

Deno.test("WorkerPool tells what is wrong with a picture, and goes on with the next", async () => {
  const [files] = await makeJobs(1, 3);
  const pictures: EncodedPicture[] = picturesOf(files!);
  pictures[1] = { file: Uint8Array.of(1, 2, 3), crop: 0.5 };
  pictures.push({ file: "missing.jpg", crop: 0.5 }, { file: { failure: "it is torn" }, crop: 0.5 });
  for (const count of [0, 2]) {
    using pool = new WorkerPool(count);
    const { pixels, failures } = await pool.load(() => Promise.resolve(picturesOf([]).concat(pictures)), fit);
    assertEquals([...failures.keys()], [1, 3, 4]);
    assert(failures.get(1)!.startsWith("The file is not a picture"), failures.get(1));
    assert(failures.get(3)!.includes("missing.jpg"), failures.get(3));
    assertEquals(failures.get(4), "it is torn");
    const each = 8 * 8 * 3;
    const alone = await loadPictures(picturesOf([files![2]!]), fit);
    assertEquals(pixels.subarray(2 * each, 3 * each), alone.pixels);
    // What is left of the bytes was given away to the worker
    for (const [i, file] of picturesOf(files!).entries()) if (i !== 1) pictures[i] = file;
  }
});

Deno.test("WorkerPool replaces a worker that breaks down, and names the picture that it broke down over", async () => {
  for (const start of [66, 67]) {
    const jobs = await makeJobs(6, 3);
    for (const [job, at] of [[1, 2], [4, 0]] as const) jobs[job]![at] = Uint8Array.of(start);
    for (const count of [1, 2]) {
      using pool = new WorkerPool(count, breaking);
      const found = await Promise.all(
        jobs.map((files) => pool.load(() => Promise.resolve(picturesOf(files)), fit)),
      );
      const wrong = found.map(({ failures }) => [...failures.keys()]);
      assertEquals(wrong, [[], [2], [], [], [0], []], `${start}, ${count} workers`);
      assertEquals(
        found[1]!.failures.get(2),
        "Its decoder broke down over it; save it again or leave it out",
      );
      for (const [i, files] of jobs.entries()) {
        if (i === 1 || i === 4) continue;
        assertEquals(found[i], await loadPictures(picturesOf(files), fit), `job ${i}`);
      }
    }
  }
});

Deno.test("WorkerPool ends a worker that is at one picture for too long, names that one, and does all others", async () => {
  const jobs = await makeJobs(4, 3);
  for (const [job, at] of [[1, 1], [2, 0]] as const) jobs[job]![at] = Uint8Array.of(68);
  using pool = new WorkerPool(2, breaking, 2);
  const found = await Promise.all(
    jobs.map((files) => pool.load(() => Promise.resolve(picturesOf(files)), fit)),
  );
  const sentence = "It takes more than the 2 s allowed to decode; make it smaller or save it again";
  for (const [i, files] of jobs.entries()) {
    const { pixels, failures } = await loadPictures(picturesOf(files), fit);
    assertEquals(found[i]!.pixels, pixels, `job ${i}`);
    assertEquals([...found[i]!.failures.entries()], [...failures.keys()].map((key) => [key, sentence]));
  }
  assertEquals(found.map(({ failures }) => failures.size), [0, 1, 1, 0]);
});

Deno.test("WorkerPool does the work itself where its workers cannot start", async () => {
  const jobs = await makeJobs(5, 2);
  using pool = new WorkerPool(2, new URL("./no_such_module.js", import.meta.url));
  for (const files of jobs) {
    const found = await pool.load(() => Promise.resolve(picturesOf(files)), fit);
    assertEquals(found, await loadPictures(picturesOf(files), fit));
  }
});

Deno.test("WorkerPool gives up what its signal aborts, and does the rest", async () => {
  const [files, others] = await makeJobs(2, 2);
  using pool = new WorkerPool(1);
  const controller = new AbortController();
  const given = Array.from(
    { length: 6 },
    () =>
      pool.load(() => Promise.resolve(picturesOf(files!)), fit, controller.signal).catch((error) => error),
  );
  const kept = pool.load(() => Promise.resolve(picturesOf(others!)), fit);
  controller.abort();
  assertEquals(await Promise.all(given), given.map(() => controller.signal.reason));
  assertEquals((await kept).failures.size, 0);
  const late = await pool.load(() => Promise.resolve([]), fit, controller.signal).catch((error) => error);
  assertEquals(late, controller.signal.reason);
});

Deno.test("WorkerPool fails what is not done when it is disposed, and what cannot be opened", async () => {
  const [files] = await makeJobs(1, 2);
  const pool = new WorkerPool(1);
  await assertRejects(() => pool.load(() => Promise.reject(new Error("gone")), fit), Error, "gone");
  const jobs = Array.from({ length: 4 }, () => pool.load(() => Promise.resolve(picturesOf(files!)), fit));
  pool[Symbol.dispose]();
  for (const job of jobs) await assertRejects(() => job, DOMException, "were closed while they were loaded");
});

Deno.test("WorkerPool needs no permission, and asks for none: without any, it works in its own thread", async () => {
  const module = new URL("../../../plugins/datasets/decoding/worker_pool.ts", import.meta.url).href;
  const onNative = new URL("../../../src/host/on_native.ts", import.meta.url).href;
  const file = await jpeg(ramp(9, 9));
  const code = `
    import ${JSON.stringify(onNative)};
    import { WorkerPool } from ${JSON.stringify(module)};
    using pool = new WorkerPool(2);
    const file = Uint8Array.from(${JSON.stringify([...file])});
    const { pixels, failures } = await pool.load(() => Promise.resolve([{ file, crop: 0 }]), { size: 4, channels: 1 });
    console.log(pixels.length, failures.size);`;
  const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-lock", "--config", config, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { stdout, stderr } = await child.output();
  assertEquals(new TextDecoder().decode(stdout), "16 0\n", new TextDecoder().decode(stderr));
});
