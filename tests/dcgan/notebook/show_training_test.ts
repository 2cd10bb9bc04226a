import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { LiveDisplay } from "../../../src/dcgan/notebook/live_display.ts";
import { showTraining } from "../../../src/dcgan/notebook/show_training.ts";
import type { TrainEvent } from "../../../src/dcgan/run/events.ts";
import { readRun } from "../../../src/dcgan/runs/run_summary.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { bundleOf } from "../../support/bundle_of.ts";
import { gpuTest } from "../../support/gpu.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { fakeJupyter, printedBy } from "./fake_jupyter.ts";

const tiny: TrainOptions = {
  data: "faces",
  size: 16,
  ngf: 4,
  ndf: 4,
  batch: 4,
  steps: 6,
  samples: 4,
  logEvery: 1,
};

gpuTest("showTraining() shows samples and curves in one place, and passes events on", async (device) => {
  await withFolder(async (folder) => {
    const { jupyter, messages } = fakeJupyter();
    const out = `${folder}/run`;
    const seen: string[] = [];
    const end = await showTraining(train(device, { ...tiny, scoreEvery: 3, out }), {
      every: 0,
      display: new LiveDisplay(jupyter),
      onEvent: async ({ type }) => {
        await Promise.resolve();
        seen.push(type);
      },
    });
    assertEquals([end.type, end.step, end.out], ["end", 6, out]);
    for (const type of ["start", "metrics", "samples", "score", "checkpoint"]) {
      assert(seen.includes(type), type);
    }
    assertEquals(seen.at(-1), "end");

    assert(messages.length > 1);
    assertEquals(messages.map(({ type }) => type === "display_data"), messages.map((_, i) => i === 0));
    assertEquals(new Set(messages.map(({ id }) => id)).size, 1);
    const last = messages.at(-1)!.data;
    assertMatch(last["text/plain"]!, /^Trained 6 steps in \d+ s\. The run is in .*\n.*The scores say that /s);
    assertStringIncludes(last["text/html"]!, 'alt="Samples of step 6"');
    assertStringIncludes(last["text/html"]!, 'alt="Losses and probabilities over the steps"');
    const during = messages.map(({ data }) => data["text/plain"]!).find((text) => text.startsWith("Step "));
    assertMatch(
      during!,
      /^Step \d of 6 · \d+ images\/s · .* left · loss D \d\.\d\d G \d\.\d\d · D\(x\) 0\.\d\d, D/,
    );

    const bundle = await bundleOf(await readRun(out));
    assertMatch(bundle["text/plain"]!, /run: faces, step 6 of 6, best at step \d\nThe scores say that /);
    assertStringIncludes(bundle["text/html"]!, 'alt="Samples of step 6"');
  });
});

gpuTest("showTraining() prints lines outside of a notebook", async (device) => {
  await withFolder(async (folder) => {
    const events = train(device, { ...tiny, steps: 2, scoreEvery: 0, out: `${folder}/run` });
    const printed = await printedBy(() => showTraining(events));
    assert(printed.length >= 2 && printed.length < 10, printed.join("\n"));
    assertMatch(printed.at(-1)!, /^Trained 2 steps in /);
  });
});

gpuTest("showTraining() ends a run that its caller's function fails in, which is saved", async (device) => {
  await withFolder(async (folder) => {
    const { jupyter } = fakeJupyter();
    const out = `${folder}/run`;
    const events = train(device, { ...tiny, steps: 50, scoreEvery: 0, out });
    const onEvent = (event: TrainEvent) => {
      if (event.type === "metrics") throw new Error("enough");
    };
    await assertRejects(
      () => showTraining(events, { onEvent, display: new LiveDisplay(jupyter) }),
      Error,
      "enough",
    );
    const { state, step } = await readRun(out) as { state: string; step: number };
    assertEquals([state, step >= 1 && step < 50], ["stopped", true]);
  });
});

gpuTest("showTraining() goes on without the picture of a run that cannot be drawn", async (device) => {
  await withFolder(async (folder) => {
    const { jupyter, messages } = fakeJupyter();
    const out = `${folder}/run`;
    const end = await showTraining(train(device, { ...tiny, scoreEvery: 0, out }), {
      every: 0,
      display: new LiveDisplay(jupyter),
      onEvent: async ({ type }) => {
        if (type === "samples") await Deno.writeTextFile(`${out}/samples/step-000001.png`, "no picture");
        if (type === "end") await Deno.remove(`${out}/config.json`);
      },
    });
    assertEquals(end.step, 6);
    const { data } = messages.at(-1)!;
    assertMatch(data["text/plain"]!, /^Trained 6 steps .*\nCannot draw the run: /s);
    assertEquals(data["text/html"], undefined);
  });
});

Deno.test("showTraining() refuses what is no training", async () => {
  const none = (async function* () {})();
  await assertRejects(() => showTraining(none), Error, 'must end with one of type "end", found none');
  await assertRejects(() => showTraining(none, { every: -1 }), RangeError, "at least 0 seconds, found -1");
  await assertRejects(() => showTraining(none, { evry: 1 } as never), TypeError, "Did you mean 'every'?");
});
