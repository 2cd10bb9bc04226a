import { assert, assertEquals } from "@std/assert";
import { end, noCtrlC, start } from "../../cli/cli_process.ts";
import { gpuTest } from "../../support/gpu.ts";
import { trainTiny, withFolder } from "../tiny.ts";
import { attack, slowClients } from "./attack.ts";

/** Bytes of a process in memory; undefined where that cannot be read. */
async function residentBytes(pid: number): Promise<number | undefined> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

gpuTest("serve survives hostile requests, answers as before, and ends well", async (device) => {
  await withFolder(async (folder) => {
    await trainTiny(device, { steps: 1, out: `${folder}/run` });
    const child = start(`serve ${folder}/run --port 0`);
    const found = Promise.withResolvers<string>();
    const ended = end(child, (output) => {
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(output) ?? [];
      if (url !== undefined) found.resolve(url);
    });
    ended.then(({ errors }) => found.reject(new Error(errors)));
    const url = await found.promise;
    const sample = async () => {
      const response = await fetch(`${url}sample?seed=7&count=9`);
      assertEquals(response.status, 200);
      return await response.bytes();
    };
    try {
      const before = await sample();
      const resident: (number | undefined)[] = [];
      for (let round = 0; round < 3; round++) {
        {
          using _slow = slowClients(url, 150);
          await attack(url);
          const began = performance.now();
          assertEquals(await sample(), before);
          assert(performance.now() - began < 10_000, "slow clients hold it up");
        }
        resident.push(await residentBytes(child.pid));
      }
      const health = await (await fetch(`${url}health`)).json();
      assertEquals([health.ready, health.queue], [true, { waiting: 0, drawing: false, most: 1024 }]);
      // How much the engine keeps for later is its own choice; what is retained is another test's
      const [first, ...later] = resident;
      for (const one of later) {
        if (first !== undefined) assert(one! - first < 128 * 2 ** 20, `memory grows: ${resident.join()}`);
      }
    } finally {
      child.kill(noCtrlC ? "SIGKILL" : "SIGTERM");
    }
    const { code, errors } = await ended;
    assertEquals([noCtrlC || code === 0, errors], [true, ""]);
  });
});
