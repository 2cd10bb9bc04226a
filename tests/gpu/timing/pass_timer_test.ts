import { assert, assertEquals } from "@std/assert";
import { advance, type Tensor } from "../../../src/gpu/mod.ts";
import { PassTimer } from "../../../src/gpu/timing/pass_timer.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest(
  "PassTimer times passes that run several times, and leaves out those that fill the time",
  async (device) => {
    if (!device.capabilities.timestamps) return;
    const [first, second] = [device.state([1], "u32"), device.state([1], "u32")];
    const counting = (counter: Tensor) => device.program({}, () => advance(counter));
    using one = counting(first);
    using other = counting(second);
    using timer = await PassTimer.on(device, 2);
    device.submit((encoder) =>
      timer.encode(encoder, [
        { launches: one.launches, times: 3, untimed: true },
        { launches: one.launches },
        { launches: other.launches, times: 50 },
      ])
    );
    const times = await timer.read();
    assertEquals(times.length, 2);
    assert(times.every((milliseconds) => milliseconds >= 0 && milliseconds < 10_000), `${times} ms`);
    assertEquals([await first.item(), await second.item()], [4, 50]);
  },
);
