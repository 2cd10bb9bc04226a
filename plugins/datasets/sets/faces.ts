import { fitPicture, hasAlpha, imageSizeOf } from "../../../src/pictures/mod.ts";
import {
  type Dataset,
  type DatasetPlugin,
  defineDataset,
  type Labels,
  type NumberOption,
  type OpenRequest,
} from "../contract.ts";
import { integer } from "../option_kinds.ts";
import { drawFace, headOf } from "./faces/draw_face.ts";
import { drawFactors, type Factors, glassesKinds, hairStyles } from "./faces/factors.ts";
import { glassesBox } from "./faces/features.ts";
import { backgrounds, hairColors, type Named, skins } from "./faces/palette.ts";

/** The options of {@linkcode faces}. */
export interface FacesOptions extends Record<string, NumberOption> {
  /** Number of faces. */
  readonly length: NumberOption;
  /** Seed of the faces. */
  readonly seed: NumberOption;
}

/**
 * Cartoon faces drawn by code, so there is nothing to download, and any number of them: a face is a pure
 * function of the seed and its index, the same on every machine. What each is drawn from is known and given
 * as labels: the classes `skin`, `hair_color`, `hair_style`, `glasses` and `background`, and the numbers
 * `smile` (0 to 1) and `turn` (-1 to 1). `glasses_left`, `glasses_top`, `glasses_right` and `glasses_bottom`
 * are the box that glasses are in, or would be in, as shares of the image's width and height.
 */
export const faces: DatasetPlugin<FacesOptions> = defineDataset<FacesOptions>({
  apiVersion: 1,
  name: "faces",
  description: "cartoon faces, drawn as they are needed",
  options: {
    length: integer("number of faces", 100_000, 1, 2 ** 31 - 1),
    seed: integer("seed of the faces", 0, 0, 2 ** 32 - 1),
  },
  open: openFaces,
});

function openFaces(request: OpenRequest<FacesOptions>): Dataset {
  const { width, height, channels = 3, options: { length, seed } } = request;
  const size = imageSizeOf(request);
  const edge = Math.max(width, height);
  const of = (key: keyof Factors, classes?: readonly string[]): Labels => ({
    ...(classes ? { classes } : {}),
    at: (index) => drawFactors(seed, index)[key],
  });
  // Images that are not square are the middle of a square
  const sides = [width, height, width, height];
  const side = (at: number): Labels => ({
    at(index) {
      const factors = drawFactors(seed, index);
      return 0.5 + (glassesBox(factors, headOf(factors))[at]! - 0.5) * edge / sides[at]!;
    },
  });
  const names = (list: readonly Named[]) => list.map(({ name }) => name);
  return {
    length,
    shape: [height, width, channels],
    labels: {
      skin: of("skin", names(skins)),
      hair_color: of("hairColor", names(hairColors)),
      hair_style: of("hairStyle", hairStyles),
      glasses: of("glasses", glassesKinds),
      background: of("background", names(backgrounds)),
      smile: of("smile"),
      turn: of("turn"),
      glasses_left: side(0),
      glasses_top: side(1),
      glasses_right: side(2),
      glasses_bottom: side(3),
    },
    read(indices, into) {
      const each = height * width * channels;
      for (let i = 0; i < indices.length; i++) {
        const face = drawFace(drawFactors(seed, indices[i]!), edge);
        const image = into.subarray(i * each, (i + 1) * each);
        if (width === height && !hasAlpha(channels)) face.write(image, channels as 1 | 3);
        else image.set(fitPicture(face.picture(), { size, channels }).data);
      }
    },
  };
}
