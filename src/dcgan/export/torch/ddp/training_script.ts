/**
 * The training script of a run for PyTorch: `train_ddp.py`.
 *
 * @module
 */
import { sizeText } from "../../../../pictures/mod.ts";
import { changes, isOff, SCHEDULED } from "../../../schedules/scheduled_values.ts";
import type { TrainConfig } from "../../../options/config.ts";
import type { ExportedRun } from "../../networks.ts";
import { originText } from "../../origin_text.ts";
import { SOFTWARE } from "../../software.ts";
import { dataText } from "./data_text.ts";
import { drawsText } from "./draws_text.ts";
import { penaltyText } from "./loss_text.ts";
import { pythonValue, type ScriptFacts, scriptFacts } from "./script_facts.ts";
import { seenText } from "./seen_text.ts";
import { STATE_FILE, stateText } from "./state_text.ts";
import { BATCH_NORM, OBJECTIVE, trainingText } from "./training_text.ts";

/** Name of the script. */
export const SCRIPT_FILE = "train_ddp.py";

/**
 * A script in Python that goes on with a run in PyTorch, on as many processes as it is started with. It has
 * what the run has, and needs `model.py` and the state beside it.
 */
export function trainingScript(config: TrainConfig, run: ExportedRun): string {
  const facts = scriptFacts(config, run);
  const blocks = [
    `${headText(facts)}${constantsText(facts)}`,
    START,
    drawsText(facts),
    dataText(facts),
    facts.hasBatchNorm ? BATCH_NORM : "",
    seenText(facts),
    penaltyText(facts),
    OBJECTIVE,
    `${trainingText(facts).trimEnd()}\n${stateText(facts)}`,
    MAIN,
  ];
  return blocks.map((block) => block.trim()).filter((block) => block !== "").join("\n\n\n") + "\n";
}

function headText({ config, run, hasBatchNorm }: ScriptFacts): string {
  const { size, batch } = config;
  const norms = hasBatchNorm
    ? `
Batch norms take their statistics from the pictures of all processes: by PyTorch's SyncBatchNorm on CUDA, and
by a class below on processors, for which PyTorch has none.
`
    : "";
  return `"""Goes on with the training of a DCGAN in PyTorch, on one process or several. Images of ${
    sizeText(size)
  } pixels.

${
    originText(run).replaceAll("\\", "\\\\").replaceAll('"', '\\"')
  } Written by ${SOFTWARE.name} ${SOFTWARE.version}.
Needs PyTorch 1.13 or later, model.py and ${STATE_FILE} beside it, and Pillow for a folder of pictures.

    python3 train_ddp.py --data photos
    torchrun --nproc_per_node 2 train_ddp.py --data photos

With Python 3.11, the launcher of PyTorch 1.13 fails without two more options:

    python3 -m torch.distributed.run --redirects 1 --tee 1 --nproc_per_node 2 train_ddp.py --data photos

Processes use a graphics card each, by NCCL, where PyTorch has CUDA, and the processor elsewhere, by gloo.
Each takes an equal share of every batch, and gradients are averaged over all of them. So the batch stays the
run's, ${batch}.
${norms}
Every random number is a pure function of the run's seed, the step and its place. So the pictures, latent
vectors and all else that is drawn are what the run would have had next, however many processes there are.
Pillow decodes and scales a folder's pictures a little differently from the run; a .npy file of
\`datasets pack\` has the run's own pixels.

It writes state.pt, with which --from goes on, and which \`train --from\` of ${SOFTWARE.name} takes too; netG.pth,
which \`sample\` draws from; and grids of samples. It computes no scores, and stops at a NaN.
"""
`;
}

function constantsText(
  { config, isConditional, hasImageDraws, hasMixes, hasAverage }: ScriptFacts,
): string {
  const { learningRate, dLearningRate = learningRate, beta1, beta2, labelFlip, penaltyEvery } = config;
  const scheduled = SCHEDULED.some((name) => changes(config[name]))
    ? "# In brackets: first value, last value, steps until then (those of the run if None), and the curve\n"
    : "";
  const constants: [name: string, value: unknown, isUsed?: boolean][] = [
    ["SEED", config.seed],
    ["STEPS", config.steps],
    ["IMAGES", config.images, config.images !== undefined],
    ["LABEL", JSON.stringify(config.conditional), isConditional],
    ["BATCH", config.batch],
    ["ACCUMULATE", config.accumulate],
    ["PACK", config.pack],
    ["SHARD", `BATCH // ${config.shards}`, config.shards > 1 && (hasImageDraws || labelFlip > 0)],
    ["D_STEPS", config.dSteps],
    ["G_STEPS", config.gSteps],
    ["G_RATE", pythonValue(learningRate)],
    ["D_RATE", pythonValue(dLearningRate)],
    ["WARMUP", config.warmup, config.warmup > 0 || config.schedule !== "constant"],
    ["BETAS", `(${beta1}, ${beta2})`],
    ["WEIGHT_DECAY", config.weightDecay],
    ["CLIP", config.clip, config.clip > 0],
    ["SMOOTHING", config.labelSmoothing, config.labelSmoothing > 0],
    ["FLIP_PROBABILITY", labelFlip, labelFlip > 0],
    ["R1", pythonValue(config.r1), !isOff(config.r1)],
    ["R2", pythonValue(config.r2), !isOff(config.r2)],
    ["MIX_WEIGHT", pythonValue(config.gradientPenalty), hasMixes],
    ["PENALTY_EVERY", penaltyEvery, penaltyEvery > 1],
    ["DEVIATION", pythonValue(config.instanceNoise), !isOff(config.instanceNoise)],
    [
      "PROBABILITY",
      pythonValue(config.augmentProbability),
      config.augment.length > 0 && config.augmentTarget === 0,
    ],
    ["EMA", pythonValue(config.ema), hasAverage],
  ];
  const names = ["CHANNELS", ...isConditional ? ["CLASSES"] : [], "HEIGHT", "LATENT", "WIDTH"];
  const usesFunctions = config.loss !== "wasserstein" && config.loss !== "least-squares";
  const imported = [...names, "Discriminator", "Generator", "latent_vectors", "read_safetensors", "save_png"];
  return `
import argparse
import ast
import contextlib
import copy
import functools
import importlib.util
${isConditional ? "import json\n" : ""}import math
import os
import sys
import time
${isConditional ? "import unicodedata\n" : ""}from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
${
    usesFunctions
      ? "from torch.nn import functional as F\n"
      : ""
  }from torch.nn.parallel import DistributedDataParallel

from model import (
${imported.map((name) => `    ${name},\n`).join("")})

# The run's options
${scheduled}${
    constants.filter(([, , isUsed = true]) => isUsed).map(([name, value]) => `${name} = ${value}\n`).join("")
  }
# This process among all
RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
if torch.cuda.is_available():
    DEVICE = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
    torch.cuda.set_device(DEVICE)
else:
    DEVICE = torch.device("cpu")

# Pictures that pass through the networks at once, in all processes and in this one
MICRO_BATCH = BATCH // ACCUMULATE
SHARE = MICRO_BATCH // WORLD
${
    hasMixes || labelFlip > 0
      ? `# Pairs of a real and a fake logit of these
PAIRS, OWN_PAIRS = MICRO_BATCH // PACK, SHARE // PACK
`
      : ""
  }
`;
}

const START = `
# What to do about a NaN
EARLIER = "Go on from an earlier state, with a smaller learning rate (G_RATE, D_RATE)."


def say(message):
    if RANK == 0:
        print(message, flush=True)


def stop(message):
    """Ends all processes, which come here together."""
    if RANK == 0:
        print(message, file=sys.stderr, flush=True)
    sys.exit(1)


`;

const MAIN = `

def main():
    parser = argparse.ArgumentParser(description="Goes on with the training of a DCGAN.")
    parser.add_argument("--data", type=Path, required=True, help="folder of pictures, or .npy file")
    parser.add_argument("--out", type=Path, default="trained", help="folder to write (default: trained)")
    parser.add_argument("--from", dest="start", type=Path, help="state.pt to go on with (default: the run's)")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps of the whole run (default: {STEPS})")
    parser.add_argument("--save-every", type=int, default=500, help="steps between states (default: 500)")
    parser.add_argument("--log-every", type=int, default=50, help="steps between lines (default: 50)")
    parser.add_argument("--workers", type=int, default=2, help="processes that read pictures (default: 2)")
    options = parser.parse_args()
    if BATCH % (WORLD * ACCUMULATE * PACK) != 0:
        shares = f"{ACCUMULATE} x {PACK} equal shares (ACCUMULATE x PACK) for each process"
        stop(f"The batch of {BATCH} must fall into {shares}, found {WORLD} processes. Start fewer.")
    backend = "nccl" if DEVICE.type == "cuda" else "gloo"
    if "RANK" in os.environ:
        dist.init_process_group(backend)
    else:
        dist.init_process_group(backend, store=dist.HashStore(), rank=0, world_size=1)
    start = options.start or Path(__file__).resolve().parent / "${STATE_FILE}"
    state = options.out / "state.pt"
    if state.exists() and not (options.start and state.samefile(options.start)):
        stop(f"There is a state already: {state}. Go on with --from {state}, or name another --out.")
    if not options.data.exists():
        stop(f"--data must be a folder of pictures or a .npy file, found nothing at {options.data}.")

    training = Training(options.steps)
    first = training.load(read_state(start))
    if first >= options.steps:
        stop(f"All {options.steps} steps are done. Give more --steps, such as {2 * first}.")
    training.distribute()
    pictures = open_pictures(options.data)
    steps = range(first, options.steps)
    batches = torch.utils.data.DataLoader(
        pictures, batch_sampler=order(len(pictures), steps), num_workers=options.workers
    )
    say(f"Steps {first + 1} to {options.steps} on {len(pictures)} pictures, {WORLD} x {DEVICE.type}")
    began = time.monotonic()
    for step, (images, labels) in zip(steps, batches):
        losses = training.step(step, images, labels)
        done = step + 1
        if done % options.log_every == 0 or done == options.steps:
            dist.all_reduce(losses)
            lossD, lossG = (losses / WORLD).tolist()
            if not math.isfinite(lossD + lossG):
                stop(f"A loss is NaN or infinite in step {done}: {lossD}, {lossG}. {EARLIER}")
            each = (time.monotonic() - began) / (done - first)
            say(f"step {done}  loss D {lossD:.4f}  G {lossG:.4f}  {each:.3f} s a step")
        if done % options.save_every == 0 or done == options.steps:
            training.save(options.out, done)
    say(f"Written: {options.out}")
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
