import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { add } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest(
  "A disposed tensor cannot be written, viewed or cut, though others share its storage",
  async (device) => {
    const x = device.tensor(new Float32Array(128));
    const view = x.reshape([2, 64]);
    const part = device.slice(x, 64, [4]);
    const attempts: Record<string, () => unknown> = {
      "write to": () => x.set(new Float32Array(128)),
      reshape: () => x.reshape([128]),
      detach: () => x.detach(),
      "take a slice of": () => device.slice(x, 0, [4]),
    };
    const refused = () => {
      for (const [action, attempt] of Object.entries(attempts)) {
        assertThrows(attempt, Error, `Cannot ${action} a tensor that was disposed`);
      }
    };
    x.dispose();
    refused();
    assertThrows(() => add(x, 1), Error, "found a disposed one");
    assertEquals((await view.data()).length, 128);
    view.dispose();
    refused();
    await assertRejects(() => x.data(), Error, "Cannot read a tensor that was disposed");
    assertThrows(() => part.set([1, 2, 3, 4]), Error, "Cannot write to a tensor that was disposed");
    assertThrows(() => x.storage.retain(), Error, "Cannot use the elements of a tensor that was disposed");
    const [a, b] = [device.tensor(new Float32Array(128)), device.tensor(new Float32Array(128))];
    assertEquals(a.storage.range().buffer === b.storage.range().buffer, false);
  },
);
