import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { findJupyter } from "../../../src/dcgan/notebook/jupyter.ts";
import { LiveDisplay } from "../../../src/dcgan/notebook/live_display.ts";
import { Shown } from "../../../src/dcgan/notebook/shown.ts";
import { fakeJupyter, printedBy } from "./fake_jupyter.ts";

Deno.test("LiveDisplay shows something once, and then in its place", async () => {
  const { jupyter, messages } = fakeJupyter();
  const [live, other] = [new LiveDisplay(jupyter), new LiveDisplay(jupyter)];
  assertEquals(live.inNotebook, true);
  await live.show(new Shown({ text: "a" }));
  await other.show(new Shown({ text: "b" }));
  await live.show(new Shown({ text: "c", html: "<p>c</p>", png: Uint8Array.of(1) }));
  assertEquals(messages.map(({ type, data }) => [type, data]), [
    ["display_data", { "text/plain": "a" }],
    ["display_data", { "text/plain": "b" }],
    ["update_display_data", { "text/plain": "c", "text/html": "<p>c</p>", "image/png": "AQ==" }],
  ]);
  const [first, second, third] = messages.map(({ id }) => id);
  assertEquals(third, first);
  assert(second !== first);
  assertEquals([live.times, other.times], [2, 1]);
});

Deno.test("LiveDisplay prints text outside of a notebook, where there is no Deno.jupyter", async () => {
  assertEquals(findJupyter(), undefined);
  const live = new LiveDisplay();
  assertEquals(live.inNotebook, false);
  const printed = await printedBy(async () => {
    await live.show(new Shown({ text: "step 1" }));
    await live.show(new Shown({ text: "step 2", png: Uint8Array.of(1) }));
  });
  assertEquals(printed, ["step 1", "step 2"]);
});
