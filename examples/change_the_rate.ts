/**
 * A callback that changes the learning rate: as often as the discriminator is too sure, its rate is halved; else it recovers
 * slowly. The run is a usual one, with samples, plots and checkpoints.
 *
 *     deno run -A examples/change_the_rate.ts ./photos runs/balanced
 */
import { train, type TrainOptions } from "@x/dcgan";
import { type Device, openDevice } from "@x/dcgan/gpu";

const MOST = 2e-4;

/**
 * Trains, and returns the discriminator's rate in each step. It is too sure if what it says of real images is more than `sure`
 * above what it says of fake ones.
 */
export async function trainBalanced(device: Device, options: TrainOptions, sure = 0.8): Promise<number[]> {
  let rate = MOST;
  const rates: number[] = [];
  const run = train(device, { ...options, dLearningRate: MOST }, {
    beforeStep: (step, { optimizers }) => {
      optimizers.discriminator.setLearningRate(rate);
      rates[step] = rate;
    },
  });
  for await (const event of run) {
    if (event.type !== "metrics") continue;
    // From the next step on; the steps in between are on their way already
    rate = event.dReal - event.dFake > sure ? rate / 2 : Math.min(MOST, rate * 1.1);
  }
  return rates;
}

if (import.meta.main) {
  const [data = "faces", out = "runs/balanced"] = Deno.args;
  using device = await openDevice();
  const rates = await trainBalanced(device, { data, out, size: 32, steps: 500 });
  console.log(`rates of D from ${Math.min(...rates)} to ${Math.max(...rates)}`);
}
