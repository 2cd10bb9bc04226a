import type { MapPlace } from "./guided_backprop.ts";

/** Where a feature answered a picture. */
export interface Response extends MapPlace {
  /** Number of the picture. */
  readonly picture: number;
  /** The number in the map. */
  readonly value: number;
}

/** The pictures that features answer most strongly, each at its strongest place, as pictures come in. */
export class Strongest {
  /** For each feature the strongest answers, strongest first. */
  readonly found: readonly Response[][];
  #keep: number;
  #sums: Float64Array;
  #seen = 0;

  /** Keeps so many for each of so many features. */
  constructor(features: number, keep: number) {
    this.found = Array.from({ length: features }, () => []);
    this.#keep = keep;
    this.#sums = new Float64Array(features);
  }

  /**
   * Takes in maps of some pictures.
   *
   * @param maps `[count, height, width, features]`.
   * @param first Number of the first picture.
   */
  add(maps: ArrayLike<number>, [count, height, width]: readonly number[], first: number): void {
    const features = this.found.length;
    for (let image = 0; image < count!; image++) {
      for (let channel = 0; channel < features; channel++) {
        let best: Response | undefined;
        for (let pixel = 0; pixel < height! * width!; pixel++) {
          const value = maps[(image * height! * width! + pixel) * features + channel]!;
          if (best && value <= best.value) continue;
          const [row, column] = [Math.floor(pixel / width!), pixel % width!];
          best = { picture: first + image, channel, row, column, value };
        }
        this.#keepIfStrong(channel, best!);
      }
    }
    this.#seen += count!;
  }

  /** The mean over pictures of the strongest answer of each feature. */
  means(): number[] {
    return [...this.#sums].map((sum) => sum / this.#seen);
  }

  #keepIfStrong(channel: number, response: Response): void {
    this.#sums[channel]! += response.value;
    const list = this.found[channel]!;
    const place = list.findIndex(({ value }) => value < response.value);
    if (place < 0 && list.length >= this.#keep) return;
    list.splice(place < 0 ? list.length : place, 0, response);
    if (list.length > this.#keep) list.pop();
  }
}
