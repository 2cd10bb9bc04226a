import { changes } from "../../../schedules/scheduled_values.ts";
import { STREAMS } from "../../../streams.ts";
import { isOff } from "../../../schedules/scheduled_values.ts";
import type { ScriptFacts } from "./script_facts.ts";

/** Python that draws the numbers that the run would draw: the same as {@linkcode STREAMS}, Philox and permutations. */
export function drawsText({ config, hasImageDraws, isAdaptive }: ScriptFacts): string {
  const { latentDistribution, flip, augment, labelFlip, gradientPenalty, instanceNoise } = config;
  const isNormal = latentDistribution === "normal" || !isOff(instanceNoise);
  const isUniform = latentDistribution === "uniform" || augment.length > 0 || labelFlip > 0 ||
    !isOff(gradientPenalty);
  const streams = Object.entries({
    LATENTS: [true, STREAMS.latent],
    MIRRORED: [flip, STREAMS.flips],
    AUGMENTATION: [augment.length > 0 || isAdaptive, STREAMS.augmentation],
    MIXES: [!isOff(gradientPenalty), STREAMS.mixes],
    LABEL_FLIPS: [labelFlip > 0, STREAMS.labelFlips],
    NOISE: [!isOff(instanceNoise), STREAMS.noise],
  }).filter(([, [isUsed]]) => isUsed).map(([name, [, stream]]) => `${name} = ${stream}\n`).join("");
  return `# Streams of random numbers, by what they are for
${streams}WORD = 0xFFFFFFFF


def product(a, b):
    """The upper and the lower 32 bits of products of numbers of 32 bits."""
    upper, lower = a * (b >> 16), a * (b & 0xFFFF)
    return upper + (lower >> 16) >> 16, ((upper & 0xFFFF) << 16) + lower & WORD


def philox(block, counter, stream, domain=0):
    """Four random words for each block: Philox4x32-10 (Salmon et al. 2011), a pure function."""
    words = [block, *(torch.full_like(block, word) for word in (counter, stream, domain))]
    key = [SEED & WORD, SEED >> 32]
    for _ in range(10):
        high0, low0 = product(0xD2511F53, words[0])
        high1, low1 = product(0xCD9E8D57, words[2])
        words = [high1 ^ words[1] ^ key[0], low1, high0 ^ words[3] ^ key[1], low0]
        key = [key[0] + 0x9E3779B9 & WORD, key[1] + 0xBB67AE85 & WORD]
    return torch.stack(words, dim=-1)


def random_words(stream, step, first, count):
    """Words \`first\` to \`first + count\` of a stream in a step."""
    blocks = torch.arange(first // 4, (first + count + 3) // 4, device=DEVICE)
    return philox(blocks, step, stream).flatten()[first % 4 :][:count]

${hasImageDraws || labelFlip > 0 ? RANDOM_ROWS : ""}${isUniform ? UNIFORM : ""}${isNormal ? NORMAL : ""}
@functools.lru_cache
def round_keys(epoch):
    return philox(torch.arange(2), epoch, 0, domain=1).flatten().tolist()


def mixed(word):
    """Scatters 32 bits (the last steps of MurmurHash3)."""
    word = (word ^ word >> 16) * 0x85EBCA6B & WORD
    word = (word ^ word >> 13) * 0xC2B2AE35 & WORD
    return word ^ word >> 16


def permuted(place, length, epoch):
    """Which of \`length\` pictures has a place in a pass over all of them: a Feistel network."""
    half = max(1, math.ceil(math.log2(length) / 2))
    while True:
        left, right = place >> half, place & (1 << half) - 1
        for key in round_keys(epoch):
            left, right = right, left ^ mixed(right ^ key) >> 32 - half
        place = left << half | right
        # Numbers past the end are permuted once more
        if place < length:
            return place

${SCHEDULED(config)}`;
}

const RANDOM_ROWS = `
def random_rows(stream, step, rows, length):
    """Words of some rows of a stream in a step. The length of a row is a multiple of 4."""
    blocks = rows[:, None] * (length // 4) + torch.arange(length // 4, device=DEVICE)
    return philox(blocks, step, stream).flatten(1)

`;

const UNIFORM = `
def uniform(words):
    """Numbers from 0 to 1."""
    return (words >> 8) * 2.0**-24

`;

const NORMAL = `
@functools.lru_cache
def normal_quantiles():
    """What shares of a half normal distribution lie beyond, times 2^21: 64 in each octave of shares."""
    place = torch.arange(32 * 64)
    share = 2.0 ** (place // 64 - 32).double() * (1 + place % 64 / 64)
    quantiles = (-torch.special.ndtri(share / 2) * 2.0**21).round().long()
    return torch.cat([quantiles, torch.zeros(1, dtype=torch.long)]).to(DEVICE)


def normal(words):
    """Normal numbers, by integers: a sign, and between two quantiles."""
    table = normal_quantiles()
    tail = words << 1 & WORD | 1
    length = torch.frexp(tail.double())[1].long()
    place = tail << 33 - length & WORD
    index = (length - 1) * 64 + (place >> 26)
    larger = table[index]
    size = larger - ((larger - table[index + 1]) * (place >> 15 & 2047) + 1024 >> 11)
    return torch.where(words >> 31 == 1, -size, size) * 2.0**-21

`;

/** Functions of the values that change from step to step, if any do. */
const SCHEDULED = (config: ScriptFacts["config"]) => {
  const { schedule, warmup, learningRate, dLearningRate = learningRate, ema } = config;
  const all = [
    learningRate,
    dLearningRate,
    config.r1,
    config.r2,
    config.gradientPenalty,
    config.instanceNoise,
    config.augmentProbability,
    ema,
  ];
  const values = all.some(changes) ? VALUE_AT : "";
  const rate = (name: string, value: unknown) => changes(value) ? `value_at(step, ${name}, total)` : name;
  const decay = {
    constant: "",
    linear: `
        share = (step - WARMUP) / max(1, total - WARMUP)
        factor = max(0.0, 1 - share)`,
    cosine: `
        share = (step - WARMUP) / max(1, total - WARMUP)
        factor = 0.5 * (1 + math.cos(math.pi * share)) if step < total else 0.0`,
  }[schedule];
  const factor = schedule === "constant" && warmup === 0 ? "" : `    factor = 1.0
    if step < WARMUP:
        factor = (step + 1) / WARMUP${decay === "" ? "" : `\n    else:${decay}`}
`;
  const times = factor === "" ? "" : " * factor";
  return `${values}
def learning_rates(step, total):
    """Those of the generator and of the discriminator."""
${factor}    return ${rate("G_RATE", learningRate)}${times}, ${rate("D_RATE", dLearningRate)}${times}

${changes(ema) ? DECAY_AT : ""}`;
};

const VALUE_AT = `
def value_at(step, value, total):
    """A number that goes to another one over some steps, or those of the run."""
    begin, end, steps, shape = value
    share = step / (steps or total)
    if share >= 1:
        return end
    if shape == "cosine":
        share = (1 - math.cos(math.pi * share)) / 2
    return begin + share * (end - begin)

`;

const DECAY_AT = `
def decay_at(step, value, total):
    """A decay of averages, which changes by its half-life in steps."""
    begin, end, steps, shape = value
    if step == 0 or step >= (steps or total):
        return begin if step == 0 else end
    half_lives = [math.log(0.5) / math.log(decay) if decay else 0.0 for decay in (begin, end)]
    half_life = value_at(step, (*half_lives, steps, shape), total)
    return 0.5 ** (1 / half_life) if half_life else 0.0

`;
