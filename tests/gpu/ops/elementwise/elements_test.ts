import { assertEquals } from "@std/assert";
import { Device, map } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";

gpuTest("map() reaches every element once, on software adapters and on graphics cards", async (device) => {
  for (const software of [true, false]) {
    const on = new Device(device.gpu, { ...device.adapter, software }, device.capabilities);
    {
      using _scope = on.scope();
      for (const size of [1, 31, 257, 4099, 70_001]) {
        const x = on.tensor(Float32Array.from({ length: size }, (_, index) => index));
        const y = map("next", { x }, "x + params.step", { uniforms: { step: 1 } });
        assertEquals(await y.data(), Float32Array.from({ length: size }, (_, index) => index + 1));
      }
    }
    on.ledger.destroyAll();
  }
});
