import { hasAlpha } from "../../../../pictures/mod.ts";
import type { ScriptFacts } from "./script_facts.ts";

/** Python that reads pictures, in the order in which the run would go on with them. */
export function dataText({ config, isConditional }: ScriptFacts): string {
  const isOpaque = !hasAlpha(config.channels);
  const shapes = config.channels === 1
    ? "([HEIGHT, WIDTH], [HEIGHT, WIDTH, 1])"
    : "([HEIGHT, WIDTH, CHANNELS],)";
  return `
class FolderOfPictures(torch.utils.data.Dataset):
    """The pictures of a folder and of those in it, in the order of their paths."""

    ENDINGS = set(".jpg .jpeg .jpe .jfif .jif .pjpeg .pjp .png .gif .bmp .dib .webp".split())

    def __init__(self, folder):
        if importlib.util.find_spec("PIL") is None:
            stop("A folder of pictures needs Pillow, found none. Install it, or give --data a .npy file.")
        self.folder = folder
        found = []
        for parent, folders, files in os.walk(folder, followlinks=True):
            folders[:] = [name for name in folders if not name.startswith(".")]
            paths = [Path(parent, name).relative_to(folder) for name in files if not name.startswith(".")]
            found += [path.as_posix() for path in paths if path.suffix.lower() in self.ENDINGS]
        self.names = sorted(found, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
${isConditional ? FOLDER_CLASSES : ""}
    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        from PIL import Image, ImageOps

        path = self.folder / self.names[index]
        try:
            with Image.open(path) as file:
                picture = ImageOps.exif_transpose(file).convert("RGBA")
        except Exception as error:
            raise RuntimeError(f"Cannot read the picture {path}: {error}. Remove it") from error
        # The largest part of the images' shape, in the middle
        width, height = picture.size
        if width * HEIGHT > height * WIDTH:
            part = (max(1, int(height * WIDTH / HEIGHT + 0.5)), height)
        else:
            part = (width, max(1, int(width * HEIGHT / WIDTH + 0.5)))
        left, top = (width - part[0]) // 2, (height - part[1]) // 2
        picture = picture.crop((left, top, left + part[0], top + part[1]))
${
    isOpaque
      ? '        picture = Image.alpha_composite(Image.new("RGBA", part, "white"), picture)\n'
      : ""
  }        picture = picture.convert("${["L", "LA", "RGB", "RGBA"][config.channels - 1]}")
        if part != (WIDTH, HEIGHT):
            picture = picture.resize((WIDTH, HEIGHT), Image.BOX if part[0] > WIDTH else Image.BILINEAR)
        pixels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
        return pixels.view(HEIGHT, WIDTH, CHANNELS), ${isConditional ? "self.labels[index]" : "0"}


class ArrayOfPictures(torch.utils.data.Dataset):
    """A .npy file of bytes, [N, height, width, channels], as \`datasets pack\` writes it."""

    def __init__(self, path):
        data = torch.from_file(str(path), size=path.stat().st_size, dtype=torch.uint8)
        if bytes(data[:7].tolist()) != b"\\x93NUMPY\\x01":
            stop(f"{path} must be a folder of pictures or a .npy file of version 1, found another file.")
        start = 10 + int(data[8]) + 256 * int(data[9])
        header = ast.literal_eval(bytes(data[10:start].tolist()).decode())
        count, *shape = header["shape"]
        is_plain = header["descr"] == "|u1" and not header["fortran_order"]
        if not is_plain or shape not in ${shapes}:
            stop(f"{path} must hold bytes of the shape [N, {HEIGHT}, {WIDTH}, {CHANNELS}], found {header}.")
        self.pixels = data[start:].view(count, HEIGHT, WIDTH, CHANNELS)
${isConditional ? ARRAY_CLASSES : ""}
    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, index):
        return self.pixels[index], ${isConditional ? "self.labels[index]" : "0"}


def open_pictures(path):
    pictures = FolderOfPictures(path) if path.is_dir() else ArrayOfPictures(path)
    if len(pictures) == 0:
        stop(f"{path} must hold pictures, found none.")
${
    config.images === undefined ? "" : `    if len(pictures) != IMAGES:
        say(f"The run had {IMAGES} pictures, and {path} has {len(pictures)}: they come in another order.")
`
  }    return pictures


def order(length, steps):
    """For each step, this process's share of the pictures of each micro-batch. Passes have no gap."""
    for step in steps:
        places = [
            (step * D_STEPS * ACCUMULATE + part) * MICRO_BATCH + RANK * SHARE + image
            for part in range(D_STEPS * ACCUMULATE)
            for image in range(SHARE)
        ]
        yield [permuted(place % length, length, place // length) for place in places]
`;
}

const FOLDER_CLASSES = `        # The class of a picture is the folder that it lies in
        tops = [Path(folder.resolve().name, name).parent.name for name in self.names]
        classes = [unicodedata.normalize("NFC", top) for top in tops]
        if not set(classes) <= set(CLASSES):
            stop(f"The folders in {folder} must be the classes {CLASSES}, found {sorted(set(classes))}.")
        self.labels = [CLASSES.index(name) for name in classes]
`;

const ARRAY_CLASSES = `        label = json.loads(path.with_suffix(".labels.json").read_text()).get(LABEL)
        if label is None or label.get("classes") != CLASSES:
            stop(f"The labels of {path} must be {LABEL}, with the classes {CLASSES}, found others.")
        self.labels = label["values"]
`;
