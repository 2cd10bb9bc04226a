import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type Labels,
  type OpenRequest,
} from "./contract.ts";
import { openBytes } from "./formats/byte_source.ts";
import { readNpyHeader } from "./formats/npy.ts";
import { rawDataset } from "./raw_images.ts";
import { messageOf, quote } from "./wording.ts";

/**
 * Images in a `.npy` file of bytes (uint8): `[N, H, W]` for grey, or `[N, H, W, C]` with 1, 3 or 4 channels. They are read
 * from the file as they are needed, so it may be larger than memory. A file of the same name that ends in `.labels.json`
 * holds labels, as `datasets pack` writes it: `{"kind": {"classes": ["cat", "dog"], "values": [0, 1, 1]}}`.
 */
export const npy: DatasetPlugin = defineDataset({
  apiVersion: 1,
  name: "npy",
  description: "a .npy file of bytes, [N, H, W] or [N, H, W, C]",
  open: openNpy,
});

async function openNpy(request: OpenRequest): Promise<Dataset> {
  const { data } = request;
  if (data === undefined) {
    throw new DatasetError('Dataset "npy" needs data, the path of a .npy file: found none');
  }
  const source = openBytes(data);
  try {
    const { shape, offset } = readNpyHeader(source, quote(data));
    const [length = 0, height = 0, width = 0, channels = 1] = shape;
    const fits = (shape.length === 3 || shape.length === 4) && length * height * width > 0;
    if (!fits || channels !== 1 && channels !== 3 && channels !== 4) {
      throw new DatasetError(
        `${quote(data)} must have the shape [N, H, W] or [N, H, W, C], with 1, 3 or 4 channels: found [${
          shape.join(", ")
        }]`,
      );
    }
    const each = height * width * channels;
    const labels = await readLabels(labelPath(data), length);
    return rawDataset(request, {
      length,
      width,
      height,
      channels,
      pixels: (index) => source.read(offset + index * each, each),
      labels,
      close: () => source[Symbol.dispose](),
    });
  } catch (cause) {
    source[Symbol.dispose]();
    throw cause;
  }
}

/** Where the labels of a `.npy` file are. */
export function labelPath(path: string): string {
  return `${path.replace(/\.npy$/i, "")}.labels.json`;
}

async function readLabels(path: string, length: number): Promise<Record<string, Labels>> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return {};
    throw new DatasetError(`${quote(path)} cannot be read: ${messageOf(cause)}`, { cause });
  }
  try {
    const labels: Record<string, Labels> = {};
    for (const [name, label] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
      const { classes, values } = label as { classes?: unknown; values?: unknown };
      const isList = classes === undefined ||
        Array.isArray(classes) && classes.every((one) => typeof one === "string");
      if (!isList) throw new TypeError(`the classes of ${quote(name)} are no list of texts`);
      if (!Array.isArray(values) || values.length !== length) {
        throw new TypeError(`${quote(name)} has no value for each of the ${length} images`);
      }
      labels[name] = { ...(classes ? { classes: classes as string[] } : {}), at: (index) => values[index] };
    }
    return labels;
  } catch (cause) {
    throw new DatasetError(`${quote(path)} must hold labels as JSON: found that ${messageOf(cause)}`, {
      cause,
    });
  }
}
