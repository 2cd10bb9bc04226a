import { base64 } from "../../pictures/bytes.ts";
import { host } from "../../host/host.ts";
import type { RunPicture, RunRead, SampleGrid } from "./run_reader.ts";

/** Grids of samples in a page at most. */
export const MOST_GRIDS = 24;

/** Bytes of all pictures in a page at most, before they are made text, which takes a third more. */
export const MOST_BYTES = 6 * 2 ** 20;

/** Some of the items, evenly, the first and the last among them. */
export function evenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  if (most < 2) return items.slice(items.length - most);
  return Array.from({ length: most }, (_, i) => items[Math.round(i * (items.length - 1) / (most - 1))]!);
}

/** The pictures of a run that go into a page. */
export interface ChosenPictures {
  /** Grids of samples, by step. */
  readonly grids: readonly SampleGrid[];
  /** The grid of the data; undefined if there is none, or no room for it. */
  readonly real: RunPicture | undefined;
}

/** As many grids as there is room for, chosen evenly, and the real pictures. */
export function choosePictures({ grids, real }: Pick<RunRead, "grids" | "real">): ChosenPictures {
  // Samples count more than what they are compared with
  const shownReal = real && real.size <= MOST_BYTES / 2 ? real : undefined;
  const room = MOST_BYTES - (shownReal?.size ?? 0);
  for (let most = MOST_GRIDS; most > 0; most--) {
    const chosen = evenly(grids, most);
    if (chosen.reduce((sum, { size }) => sum + size, 0) <= room) return { grids: chosen, real: shownReal };
  }
  return { grids: [], real: shownReal };
}

/** A picture as text that a page can hold; undefined if it cannot be read. */
export async function dataUri(path: string): Promise<string | undefined> {
  try {
    return `data:image/png;base64,${base64(await host().readFile(path))}`;
  } catch {
    return undefined;
  }
}
