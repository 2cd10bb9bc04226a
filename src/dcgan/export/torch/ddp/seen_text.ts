import { hasAlpha } from "../../../../pictures/mod.ts";
import { changes, isOff } from "../../../schedules/scheduled_values.ts";
import { lines, type ScriptFacts } from "./script_facts.ts";

/** Python of what happens to images before the discriminator sees them; nothing if they stay as they are. */
export function seenText({ config }: ScriptFacts): string {
  return config.augment.length === 0 ? "" : augmentText(config);
}

/** The method that shows images to the discriminator. */
export function seenMethod({ config, hasImageDraws, isSeenOtherwise, isAdaptive }: ScriptFacts): string {
  const { augment, augmentProbability, instanceNoise, pack } = config;
  if (!isSeenOtherwise) return "";
  const value = (name: string, option: unknown) =>
    changes(option) ? `value_at(step, ${name}, self.steps)` : name;
  return `
    def seen(self, step, images${hasImageDraws ? ", rows" : ""}):
        """Images as the discriminator sees them${
    hasImageDraws ? ". Rows are theirs among what is drawn" : ""
  }."""
${
    lines(
      2,
      augment.length > 0 &&
        `images = augmented(images, step, rows, ${
          isAdaptive ? "self.probability" : value("PROBABILITY", augmentProbability)
        })`,
      !isOff(instanceNoise) && `numbers = HEIGHT * WIDTH * CHANNELS
noise = normal(random_rows(NOISE, step, rows, numbers))
noise = noise.view(len(images), HEIGHT, WIDTH, CHANNELS).permute(0, 3, 1, 2)
images = images + ${value("DEVIATION", instanceNoise)} * noise`,
      pack > 1 && "images = images.reshape(-1, PACK * CHANNELS, HEIGHT, WIDTH)",
      "return images",
    )
  }`;
}

function augmentText({ augment, channels }: ScriptFacts["config"]): string {
  const has = (kind: typeof augment[number]) => augment.includes(kind);
  const moves = has("flip") || has("translation") || has("cutout");
  const color = has("color") && `# Brightness, saturation and contrast
shift, saturation, contrast = uniform(words[:3]) * SCALES + OFFSETS
shift = shift * applied[8]
saturation = torch.where(applied[9], saturation, torch.ones_like(saturation))
contrast = torch.where(applied[10], contrast, torch.ones_like(contrast))
shift, saturation, contrast = (one.view(-1, 1, 1, 1) for one in (shift, saturation, contrast))
${
    hasAlpha(channels)
      ? "images, alpha = images[:, :-1], images[:, -1:]\n"
      : ""
  }mean = images.mean(dim=(1, 2, 3), keepdim=True)
images = images * saturation + images.mean(dim=1, keepdim=True) * (1 - saturation)
images = images * contrast + mean * (1 - contrast) + shift${
    hasAlpha(channels) ? "\nimages = torch.cat([images, alpha], dim=1)" : ""
  }`;
  return `${
    lines(
      0,
      has("color") && `# Of brightness, saturation and contrast
SCALES = torch.tensor([[1.0], [2.0], [1.0]], device=DEVICE)
OFFSETS = torch.tensor([[-0.5], [0.0], [0.5]], device=DEVICE)`,
      has("translation") && `# Images move by up to an eighth of their sides
MOST_DOWN, MOST_ACROSS = (HEIGHT + 4) // 8, (WIDTH + 4) // 8`,
      has("cutout") && `# What is cut out has half of their sides
CUT_HEIGHT, CUT_WIDTH = (HEIGHT + 1) // 2, (WIDTH + 1) // 2`,
    )
  }${has("translation") || has("cutout") ? ONE_OF : ""}

def augmented(images, step, rows, probability):
    """Augments each image by parameters of its own, as DiffAugment does (Zhao et al. 2020)."""
    words = random_rows(AUGMENTATION, step, rows, 16).T
    applied = uniform(words) < probability
${
    lines(
      1,
      color,
      moves && `rows = torch.arange(HEIGHT, device=DEVICE).repeat(len(images), 1)
columns = torch.arange(WIDTH, device=DEVICE).repeat(len(images), 1)`,
      has("cutout") && `top = one_of(words[6], HEIGHT + 1 - CUT_HEIGHT % 2) - CUT_HEIGHT // 2
left = one_of(words[7], WIDTH + 1 - CUT_WIDTH % 2) - CUT_WIDTH // 2
cut_rows = (rows >= top[:, None]) & (rows < top[:, None] + CUT_HEIGHT) & applied[13][:, None]
cut_columns = (columns >= left[:, None]) & (columns < left[:, None] + CUT_WIDTH)
kept = ~(cut_rows[:, :, None] & cut_columns[:, None, :])`,
      has("translation") &&
        `down = (one_of(words[4], 2 * MOST_DOWN + 1) - MOST_DOWN) * applied[12]
across = (one_of(words[5], 2 * MOST_ACROSS + 1) - MOST_ACROSS) * applied[12]
rows, columns = rows + down[:, None], columns + across[:, None]
within = ((rows >= 0) & (rows < HEIGHT))[:, :, None] & ((columns >= 0) & (columns < WIDTH))[:, None, :]
rows, columns = rows.clamp(0, HEIGHT - 1), columns.clamp(0, WIDTH - 1)`,
      has("flip") && `flipped = applied[11] & (words[3] >> 31 == 1)
columns = torch.where(flipped[:, None], WIDTH - 1 - columns, columns)`,
      (has("flip") || has("translation")) &&
        `places = (rows[:, :, None] * WIDTH + columns[:, None, :]).flatten(1)
places = places[:, None].expand(-1, CHANNELS, -1)
images = images.flatten(2).gather(2, places).view_as(images)`,
      has("translation") && "images = images * within[:, None]",
      has("cutout") && "images = images * kept[:, None]",
      "return images",
    )
  }`;
}

const ONE_OF = `

def one_of(words, count):
    """Whole numbers below a count."""
    return words * count >> 32
`;
