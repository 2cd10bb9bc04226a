import { logitGradient } from "../../../src/dcgan/experiments/guided/logit_gradient.ts";
import { normalizeImages } from "../../../src/gpu/mod.ts";
import type { Pictures } from "../../engine/model.ts";
import { expectDiscriminator, type Used } from "../../explore/source/source.ts";
import type { Looks } from "../views.ts";

/** What is looked at, and how. */
export interface LookRequest {
  /** Pictures in the networks' shape. */
  readonly pictures: Pictures;
  /** Class of each, by number, of a conditional discriminator; the first if not given. */
  readonly labels?: readonly number[] | undefined;
  /** Whether only what raises the logit on all of the way counts. */
  readonly guided: boolean;
}

/** What the discriminator says of pictures, and which pixels it answers to. */
export async function lookAtPictures(used: Used, { pictures, labels, guided }: LookRequest): Promise<Looks> {
  const { network, pack } = expectDiscriminator(used);
  const { device } = network.values;
  const { count, width, height, channels, data } = pictures;
  using _ = device.scope();
  const images = normalizeImages(
    device.tensor(data, { shape: [count, height, width, channels], dtype: "u8" }),
  );
  const classes = used.facts.classes && Array.from({ length: count }, (_, at) => labels?.[at] ?? 0);
  const { logits, gradient } = logitGradient(network, images, { pack, guided, labels: classes });
  const [scores, slopes] = await device.read([logits, gradient]) as [Float32Array, Float32Array];
  return { logits: scores, heat: heatOf(slopes, pictures) };
}

/** The largest slope of each pixel, of the largest in its picture. */
export function heatOf(slopes: Float32Array, { count, width, height, channels }: Pictures): Uint8Array {
  const pixels = width * height;
  const heat = new Uint8Array(count * pixels);
  for (let picture = 0; picture < count; picture++) {
    const largest = Float32Array.from({ length: pixels }, (_, pixel) => {
      const start = (picture * pixels + pixel) * channels;
      let most = 0;
      for (let channel = 0; channel < channels; channel++) {
        most = Math.max(most, Math.abs(slopes[start + channel]!));
      }
      return most;
    });
    const top = largest.reduce((most, one) => Math.max(most, one), 0) || 1;
    heat.set(largest.map((one) => Math.round(255 * one / top)), picture * pixels);
  }
  return heat;
}
