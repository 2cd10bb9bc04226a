import { host } from "../../../src/host/host.ts";
import { startsAsNpy } from "../../../src/files/npy.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type Labels,
  type OpenRequest,
  type StringOption,
} from "../contract.ts";
import { text } from "../option_kinds.ts";
import { requireData } from "../find_file.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { readNpyHeader } from "../formats/npy.ts";
import { describe, type LabeledArray, pictureReader } from "../formats/numpy/array.ts";
import { openNpz } from "../formats/numpy/choose.ts";
import { findLayout, type LayoutChoice, layoutChoices } from "../formats/numpy/layout.ts";
import { findRange, isDark, parseRange } from "../formats/numpy/range.ts";
import { scanRange } from "../formats/numpy/scan.ts";
import { rawDataset } from "./raw_images.ts";
import { failure, messageOf, quote } from "../messages.ts";

/** The options of {@linkcode npy}. */
export interface NpyOptions extends Record<string, StringOption> {
  /** Values of black and white. */
  readonly range: StringOption;
  /** What the axes are. */
  readonly layout: StringOption;
  /** Which array of an `.npz` holds the pictures. */
  readonly array: StringOption;
  /** Which one holds the labels. */
  readonly label: StringOption;
}

/**
 * Images in NumPy's files, `.npy` and `.npz`: `[N, H, W]` for gray, `[N, H, W, C]` or `[N, C, H, W]` with 1
 * to 4 channels, one picture `[H, W, C]`, or square pictures whose pixels were joined to rows, `[N, H * W]`;
 * bits, whole numbers or floats, in C's or Fortran's order. They are read from the file as they are needed,
 * so it may be larger than memory, but for packed arrays of an `.npz` and those in Fortran's order.
 *
 * Which values are black and white is found by the least and the greatest in the file, for which it is read
 * through once (from 2 GiB on a part of it): 0 to 1, -1 to 1, 0 to 255 or 0 to 65535, the narrowest that
 * fits. The option `range` sets them explicitly, such as `0..4095`. One line reports what was found, except
 * for plain bytes.
 *
 * Labels of an `.npz` are the array beside the pictures whose name has `label` in place of `image`, or `y` of
 * `x`. For a `.npy`, a file of the same name that ends in `.labels.json` holds labels, as `datasets pack`
 * writes it: `{"kind": {"classes": ["cat", "dog"], "values": [0, 1, 1]}}`.
 */
export const npy: DatasetPlugin<NpyOptions> = defineDataset<NpyOptions>({
  apiVersion: 1,
  name: "npy",
  description: "NumPy's arrays of pictures, .npy or .npz, [N, H, W], [N, H, W, C] or [N, C, H, W]",
  options: {
    range: text("values of black and white, such as 0..1 or -1..1; found without it", "auto"),
    layout: text(
      "what the axes are: pictures n, rows h, columns w, channels c; found without it",
      "auto",
      layoutChoices,
    ),
    array: text("array of pictures in an .npz; found without it"),
    label: text("array of labels in an .npz; found without it"),
  },
  open: openNpy,
});

async function openNpy(request: OpenRequest<NpyOptions>): Promise<Dataset> {
  const { options, signal } = request;
  const data = requireData(request.data, "npy", "the path of a .npy or .npz file");
  const wanted = parseRange(options.range);
  const info = await host().stat(data).catch(() => undefined);
  if (info?.isDirectory) {
    throw new DatasetError(
      `${quote(data)} must be a .npy or .npz file, found a folder; name one of its files`,
    );
  }
  const file = openBytes(data);
  try {
    const { source, path, header, labels } = await openArray(file, data, request);
    const layout = findLayout(header.shape, header.columnMajor, options.layout as LayoutChoice, path);
    const { length, height, width, channels, strides: { n } } = layout;
    const { type, offset } = header;
    const watched = {
      signal,
      progress: (done: number, total: number) => request.progress({ what: path, done, total, unit: "bytes" }),
    };
    const found = wanted === undefined
      ? await scanRange(
        {
          source,
          type,
          offset,
          count: length * height * width * channels,
          pictureOf: (element) => length === 1 ? 0 : Math.floor(element / n) % length,
        },
        path,
        watched,
      )
      : undefined;
    const range = wanted ?? findRange(found!, type, path);
    const isBytes = type.kind === "unsigned" && type.size === 1 && range.high === 255;
    const array = { source, header, layout, range, isGuessed: found?.isPart === true && !isBytes };
    const isPlain = isBytes && wanted === undefined && layout.doubt === undefined &&
      /^\[N, H, W(, C)?\]$/.test(layout.axes) && !header.columnMajor;
    if (!isPlain) request.report(describe(array, found, path));
    if (wanted === undefined && range.high === 1 && ["unsigned", "signed"].includes(type.kind)) {
      request.report(
        `${path} holds no more than two or three levels: if it was converted from floats in [0, 1], save the floats themselves`,
      );
    }
    if (found !== undefined && isDark(found, range)) {
      request.report(
        `The brightest value in ${path} is ${found.greatest}: set --data-range ${found.least}..${found.greatest} ` +
          "unless its pictures should be that dark",
      );
    }
    return rawDataset(request, {
      length,
      width,
      height,
      channels,
      pixels: await pictureReader(array, path, watched),
      labels: await labels(length).catch((error) => {
        // Labels that the user named must be there; training needs no others
        if (!(error instanceof DatasetError) || options.label !== "") throw error;
        request.report(`${error.message}; labels are left out`);
        return {};
      }),
      close: () => file[Symbol.dispose](),
    });
  } catch (cause) {
    file[Symbol.dispose]();
    throw cause;
  }
}

/**
 * The array of a `.npy` file, or the one of an `.npz` that holds pictures; their first bytes distinguish
 * them.
 */
async function openArray(
  file: ByteSource,
  data: string,
  request: OpenRequest<NpyOptions>,
): Promise<LabeledArray> {
  const { array, label } = request.options;
  const [first, second] = file.read(0, Math.min(2, file.size));
  if (first === 0x50 && second === 0x4b) return await openNpz(file, data, { array, label }, request);
  const path = quote(data);
  if (!startsAsNpy(file.read(0, Math.min(8, file.size)))) {
    throw new DatasetError(
      `${path} must be a .npy or .npz file, found other bytes at its start; save it with np.save`,
    );
  }
  if (array !== "" || label !== "") {
    throw new DatasetError(
      `Options "array" and "label" must be left out for ${path}, found one array in it`,
    );
  }
  const header = readNpyHeader(file, path);
  return { source: file, path, header, labels: (length) => readLabels(labelPath(data), length) };
}

/** Where the labels of a `.npy` file are. */
export function labelPath(path: string): string {
  return `${path.replace(/\.npy$/i, "")}.labels.json`;
}

async function readLabels(path: string, length: number): Promise<Record<string, Labels>> {
  let text: string;
  try {
    text = await host().readTextFile(path);
  } catch (cause) {
    if (host().problemOf(cause) === "NotFound") return {};
    throw failure(`${quote(path)} cannot be read`, cause);
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
    throw new DatasetError(`${quote(path)} must hold labels as JSON, found that ${messageOf(cause)}`, {
      cause,
    });
  }
}
