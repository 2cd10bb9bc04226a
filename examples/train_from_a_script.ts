/**
 * Trains from a script, reports progress, and draws from the result.
 *
 *     deno run -A examples/train_from_a_script.ts ./photos runs/photos
 */
import { type Device, openDevice, sample, train, type TrainOptions } from "@x/dcgan";

/** Trains, prints a line from time to time, and writes `grid.png` into the run folder. Returns the grid's path. */
export async function trainAndSample(
  device: Device,
  options: TrainOptions & { out: string },
): Promise<string> {
  for await (const event of train(device, options)) {
    switch (event.type) {
      case "metrics":
        console.log(
          `step ${event.step}: loss of G ${event.generatorLoss.toFixed(3)}, D(x) ${event.dReal.toFixed(3)}`,
        );
        break;
      case "samples":
      case "checkpoint":
        console.log(`wrote ${event.path}`);
        break;
      case "warning":
        console.warn(event.message);
        break;
    }
  }
  const out = `${options.out}/grid.png`;
  await sample(device, options.out, { count: 64, seed: 7, out });
  return out;
}

if (import.meta.main) {
  const [data = "faces", out = "runs/from-a-script"] = Deno.args;
  using device = await openDevice();
  console.log(await trainAndSample(device, { data, out, size: 32, steps: 500 }));
}
