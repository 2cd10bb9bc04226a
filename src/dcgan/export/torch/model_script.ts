import { sidesOf, sizeText } from "../../../pictures/mod.ts";
import type { ExportedRun } from "../networks.ts";
import { originText } from "../origin_text.ts";
import { SOFTWARE } from "../software.ts";
import { discriminatorClass, generatorClass } from "./network_classes.ts";

/** Names of the files that the script reads, beside itself. */
export const WEIGHTS = {
  generator: "generator.safetensors",
  discriminator: "discriminator.safetensors",
} as const;

/**
 * A script in Python that rebuilds the networks as plain modules of PyTorch, loads the weights that lie beside
 * it, and draws. It needs PyTorch and nothing else.
 */
export function modelScript(run: ExportedRun): string {
  const { architecture, classes, latentDistribution, generator, discriminator } = run;
  const { size, channels, latent } = architecture;
  const { width, height } = sidesOf(size);
  const layers = [...generator.layers, ...discriminator?.layers ?? []];
  const isSpectral = layers.some((layer) => "isSpectral" in layer && layer.isSpectral);
  const usesFunctions = layers.some(({ name, kind }) =>
    ["relu", "leakyRelu", "upsample"].includes(kind) && !name.includes(".")
  );
  const draw = latentDistribution === "normal"
    ? "torch.randn(count, LATENT, generator=generator)"
    : "torch.rand(count, LATENT, generator=generator) * 2 - 1";
  return `"""A DCGAN that draws images of ${sizeText(size)} pixels, as modules of PyTorch.

${originText(run).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}
Written by ${SOFTWARE.name} ${SOFTWARE.version}. Needs PyTorch 1.10 or later, and no other package.

Draw a grid of images:

    python model.py --count 64 --seed 1 --out samples.png

Or from Python:

    from model import latent_vectors, load_generator
    images = load_generator()(latent_vectors(8)${classes ? ", torch.zeros(8, dtype=torch.long)" : ""})
"""

import argparse
import json
import math
import struct
import zlib
from pathlib import Path

import torch
from torch import nn
${usesFunctions ? "from torch.nn import functional as F\n" : ""}${
    isSpectral ? "from torch.nn.utils import spectral_norm\n" : ""
  }
HEIGHT, WIDTH = ${height}, ${width}
CHANNELS = ${channels}
LATENT = ${latent}
${classes ? `CLASSES = ${pythonList(classes)}\n` : ""}FOLDER = Path(__file__).resolve().parent


${generatorClass(run)}

${discriminator ? `${discriminatorClass({ ...run, discriminator })}\n\n` : ""}${
    reading(discriminator !== undefined)
  }

def latent_vectors(count, seed=1):
    """Latent vectors [count, LATENT] as in training. Seeds are PyTorch's: another program draws other ones."""
    generator = torch.Generator().manual_seed(seed)
    return ${draw}


${SAVE_PNG}

${classes ? MAIN_WITH_CLASSES : MAIN}`;
}

/** Names as a list in Python. JSON's text is Python's too. */
function pythonList(names: readonly string[]): string {
  return `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;
}

/** Functions that read weights. */
function reading(isBoth: boolean): string {
  const load = (name: "generator" | "discriminator", type: string) => `
def load_${name}():
    """The ${name} with the weights that lie beside this script, ready to use."""
    network = ${type}()
    network.load_state_dict(read_safetensors(FOLDER / "${WEIGHTS[name]}"))
    return network.eval()

`;
  return `def read_safetensors(path):
    """The tensors of a safetensors file by name: a header in JSON, then their numbers one after another."""
    data = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    types = {"F32": torch.float32, "I64": torch.int64}
    tensors = {}
    for name, entry in header.items():
        count = math.prod(entry["shape"])
        start = 8 + length + entry["data_offsets"][0]
        values = torch.frombuffer(data, dtype=types[entry["dtype"]], count=count, offset=start)
        tensors[name] = values.reshape(entry["shape"])
    return tensors

${load("generator", "Generator")}${isBoth ? load("discriminator", "Discriminator") : ""}`.trimEnd() + "\n";
}

const SAVE_PNG = `def save_png(images, path, columns=None):
    """Writes images [N, CHANNELS, HEIGHT, WIDTH] in [-1, 1] as one PNG, in rows."""
    columns = columns or math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    levels = ((images.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    grid = torch.zeros(rows * columns, *levels.shape[1:], dtype=torch.uint8)
    grid[: len(levels)] = levels
    grid = grid.reshape(rows, columns, CHANNELS, HEIGHT, WIDTH).permute(0, 3, 1, 4, 2)
    lines = grid.reshape(rows * HEIGHT, columns * WIDTH * CHANNELS).tolist()

    def chunk(kind, data):
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    color = {1: 0, 2: 4, 3: 2, 4: 6}[CHANNELS]
    size = struct.pack(">IIBBBBB", columns * WIDTH, rows * HEIGHT, 8, color, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\\0" + bytes(line) for line in lines))
    parts = [chunk(b"IHDR", size), chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    Path(path).write_bytes(b"\\x89PNG\\r\\n\\x1a\\n" + b"".join(parts))
`;

const ARGUMENTS = `def main():
    parser = argparse.ArgumentParser(description="Draws images from the generator.")
    parser.add_argument("--count", type=int, default=64, help="how many images")
    parser.add_argument("--seed", type=int, default=1, help="seed of the latent vectors")
    parser.add_argument("--out", default="samples.png", help="PNG to write")
`;

const MAIN = `${ARGUMENTS}    options = parser.parse_args()
    with torch.no_grad():
        images = load_generator()(latent_vectors(options.count, options.seed))
    save_png(images, options.out)
    print(f"{options.count} images: {options.out}")


if __name__ == "__main__":
    main()
`;

const MAIN_WITH_CLASSES =
  `${ARGUMENTS}    parser.add_argument("--class", dest="label", choices=CLASSES, help="class to draw (default: all in turn)")
    options = parser.parse_args()
    labels = torch.arange(options.count) % len(CLASSES)
    if options.label is not None:
        labels[:] = CLASSES.index(options.label)
    with torch.no_grad():
        images = load_generator()(latent_vectors(options.count, options.seed), labels)
    save_png(images, options.out, columns=len(CLASSES) if options.label is None else None)
    print(f"{options.count} images: {options.out}")


if __name__ == "__main__":
    main()
`;
