/**
 * Rosettes: flowers drawn by a formula, as a dataset for `@x/dcgan`. It is a package of its own that you can copy.
 *
 * @module
 */
import {
  type Dataset,
  type DatasetPlugin,
  defineDataset,
  type NumberOption,
  type OpenRequest,
} from "@x/dcgan/datasets";

/** The options of the dataset. */
export interface RosetteOptions extends Record<string, NumberOption> {
  /** Number of flowers. */
  readonly length: NumberOption;
  /** Most petals of a flower. */
  readonly petals: NumberOption;
}

/** What a flower is drawn from. */
interface Rosette {
  readonly petals: number;
  readonly depth: number;
  readonly turn: number;
  readonly hue: number;
}

const FEWEST_PETALS = 3;

/** Flowers of 3 petals and more, whose number, depth, turn and hue follow from the index alone. */
const rosettes: DatasetPlugin<RosetteOptions> = defineDataset<RosetteOptions>({
  apiVersion: 1,
  name: "rosettes",
  description: "flowers drawn by a formula",
  license: "MIT",
  options: {
    length: {
      type: "integer",
      description: "number of flowers",
      default: 20_000,
      minimum: 3,
      maximum: 1_000_000,
    },
    petals: { type: "integer", description: "most petals", default: 8, minimum: FEWEST_PETALS, maximum: 16 },
  },
  open({ width, height, channels = 3, options }: OpenRequest<RosetteOptions>) {
    const kinds = options.petals - FEWEST_PETALS + 1;
    const rosette = (index: number): Rosette => ({
      petals: FEWEST_PETALS + Math.floor(fraction(index, 0.754877666) * kinds),
      depth: 0.2 + 0.6 * fraction(index, 0.569840291),
      turn: 2 * Math.PI * fraction(index, 0.430159709),
      hue: fraction(index, 0.618033989),
    });
    const each = width * height * channels;
    const shape = [height, width, channels] as const;
    return {
      length: options.length,
      shape,
      labels: {
        petals: {
          classes: Array.from({ length: kinds }, (_, i) => String(FEWEST_PETALS + i)),
          at: (index: number) => rosette(index).petals - FEWEST_PETALS,
        },
        hue: { at: (index: number) => rosette(index).hue },
      },
      read(indices: ArrayLike<number>, into: Uint8Array) {
        for (let i = 0; i < indices.length; i++) {
          draw(rosette(indices[i]!), shape, into.subarray(i * each, (i + 1) * each));
        }
      },
    };
  },
});
export default rosettes;

/** A number from 0 to 1 that differs from index to index, and fills that range evenly: steps of an irrational length. */
function fraction(index: number, step: number): number {
  return (0.5 + (index + 1) * step) % 1;
}

/**
 * Draws r(angle) = 0.45 (1 - depth / 2 + depth / 2 cos(petals angle)), soft at its edge by one pixel: on black, or with
 * alpha (2 or 4 channels) on nothing.
 */
function draw(
  { petals, depth, turn, hue }: Rosette,
  [height, width, channels]: Dataset["shape"],
  into: Uint8Array,
): void {
  const size = Math.min(width, height);
  const hasAlpha = channels % 2 === 0;
  const colors = hasAlpha ? channels - 1 : channels;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const dx = (x + 0.5 - width / 2) / size;
      const dy = (y + 0.5 - height / 2) / size;
      const edge = 0.45 * (1 - depth / 2 + depth / 2 * Math.cos(petals * (Math.atan2(dy, dx) + turn)));
      const inside = Math.min(1, Math.max(0, (edge - Math.hypot(dx, dy)) * size + 0.5));
      for (let c = 0; c < colors; c++) {
        const level = colors === 1 ? 255 : 255 * (0.6 + 0.4 * Math.cos(2 * Math.PI * (hue + c / 3)));
        into[at + c] = Math.round(hasAlpha ? level : inside * level);
      }
      if (hasAlpha) into[at + colors] = Math.round(255 * inside);
    }
  }
}
