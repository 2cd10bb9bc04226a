import { changes } from "../../../schedules/scheduled_values.ts";
import { lossMethods } from "./loss_text.ts";
import { lines, type ScriptFacts } from "./script_facts.ts";
import { seenMethod } from "./seen_text.ts";

/** Batch norm over all processes. */
export const BATCH_NORM = `
class SumOverProcesses(torch.autograd.Function):
    """The sum of a tensor over all processes. Its gradient is the sum of theirs."""

    @staticmethod
    def forward(ctx, x):
        total = x.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx, gradient):
        return SumOverProcesses.apply(gradient)


class ProcessorBatchNorm(nn.BatchNorm2d):
    """Batch norm over the images of all processes, where PyTorch has no SyncBatchNorm: without CUDA."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        count = x.numel() // x.shape[1] * WORLD
        mean = SumOverProcesses.apply(x.sum(dim=(0, 2, 3))) / count
        centered = x - mean[:, None, None]
        variance = SumOverProcesses.apply(centered.square().sum(dim=(0, 2, 3))) / count
        with torch.no_grad():
            self.num_batches_tracked += 1
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (count / (count - 1)), self.momentum)
        scale = self.weight * (variance + self.eps).rsqrt()
        return centered * scale[:, None, None] + self.bias[:, None, None]


def synchronized(network):
    """A network whose batch norms normalize over the whole batch, not over each process's share."""
    if WORLD > 1 and DEVICE.type == "cuda":
        return nn.SyncBatchNorm.convert_sync_batchnorm(network)
    for module in network.modules():
        if WORLD > 1 and isinstance(module, nn.BatchNorm2d):
            module.__class__ = ProcessorBatchNorm
    return network

`;

/** The class that DistributedDataParallel wraps. */
export const OBJECTIVE = `
class Objective(nn.Module):
    """A network's loss, for DistributedDataParallel: it averages the gradients over all processes."""

    def __init__(self, network, loss):
        super().__init__()
        self.network, self.loss = network, loss

    def forward(self, step, part):
        return self.loss(step, part)

`;

/** The class with both networks and a step. */
export function trainingText(facts: ScriptFacts): string {
  const { config, hasImageDraws, isConditional, hasBatchNorm, isAdaptive, hasAverage } = facts;
  const { clip, flip, optimizer, latentDistribution, augmentTarget, ema, shards } = config;
  const made = (network: string) => `${hasBatchNorm ? `synchronized(${network})` : network}.to(DEVICE)`;
  const kind = optimizer === "adamw" ? "AdamW" : "Adam";
  const updated = (letter: string) =>
    lines(
      3,
      clip > 0 && `nn.utils.clip_grad_norm_(self.net${letter}.parameters(), CLIP)`,
      `self.optimizer${letter}.step()`,
    );
  const latents = latentDistribution === "normal" ? "normal(words)" : "(uniform(words) * 2 - 1)";
  return `
class Part:
    """What a micro-batch is to this process: its share of the pictures, and fake images."""

    def __init__(self, networks, step, pictures, labels, number, latent_number):
        own = slice(number * SHARE, (number + 1) * SHARE)
        self.number = number
        self.real = (pictures[own].to(DEVICE).permute(0, 3, 1, 2).float() * 2 - 255) / 255
${
    lines(
      2,
      flip && `bits = random_words(MIRRORED, step, number * MICRO_BATCH + RANK * SHARE, SHARE) & 1
self.real = torch.where(bits.view(-1, 1, 1, 1) == 1, self.real.flip(3), self.real)`,
      isConditional && "self.labels = labels[own].to(DEVICE)",
      `first = latent_number * MICRO_BATCH + RANK * SHARE
words = random_words(LATENTS, step, first * LATENT, SHARE * LATENT)
latents = ${latents}.view(SHARE, LATENT)
self.fake = networks.netG(latents${isConditional ? ", self.labels" : ""})`,
      hasImageDraws &&
        `# What is drawn for images: of each ${
          shards > 1 ? "shard" : "micro-batch"
        } for the real ones, then for the fake ones
rows = RANK * SHARE + torch.arange(SHARE, device=DEVICE)
${
          shards > 1
            ? "rows = rows + rows // SHARD * SHARD\n"
            : ""
        }self.real_rows = 2 * MICRO_BATCH * latent_number + rows
self.fake_rows = self.real_rows + ${shards > 1 ? "SHARD" : "MICRO_BATCH"}`,
    )
  }

class Training:
    """Both networks with their optimizers, and a step."""

    def __init__(self, steps):
        self.steps = steps
        self.netG = ${made("Generator()")}
        self.netD = ${made("Discriminator()")}
        adam = dict(betas=BETAS, eps=1e-8, weight_decay=WEIGHT_DECAY)
        self.optimizerG = torch.optim.${kind}(self.netG.parameters(), **adam)
        self.optimizerD = torch.optim.${kind}(self.netD.parameters(), **adam)
${
    lines(
      2,
      hasAverage && "self.average, self.average_steps = copy.deepcopy(self.netG), 0",
      isAdaptive && `self.probability, self.sum_of_signs = 0.0, 0.0
self.signs = torch.zeros((), device=DEVICE)`,
    )
  }
    def distribute(self):
        """Has gradients averaged, once the weights are there. Statistics are the same in all processes."""
        wrap = functools.partial(DistributedDataParallel, broadcast_buffers=False)
        self.objectiveG = wrap(Objective(self.netG, self.generator_loss))
        self.objectiveD = wrap(Objective(self.netD, self.discriminator_loss))
${seenMethod(facts)}${lossMethods(facts)}
    def learn(self, objective, step, parts):
        """Leaves the mean gradients of micro-batches in a network. Returns the mean loss."""
        total = 0.0
        for number, part in enumerate(parts):
            is_last = number == ACCUMULATE - 1
            with contextlib.nullcontext() if is_last else objective.no_sync():
                loss = objective(step, part) / ACCUMULATE
                loss.backward()
            total = total + loss.detach()
        return total

    def step(self, step, pictures, labels):
        """One training step, counted from 0. Returns this process's losses: discriminator's, generator's."""
        for optimizer, rate in zip((self.optimizerG, self.optimizerD), learning_rates(step, self.steps)):
            optimizer.param_groups[0]["lr"] = rate
        make = functools.partial(Part, self, step, pictures, labels)
        self.netD.requires_grad_(True)
        for update in range(D_STEPS):
${
    lines(3, isAdaptive && "self.signs.zero_()")
  }            numbers = range(update * ACCUMULATE, (update + 1) * ACCUMULATE)
            with torch.set_grad_enabled(D_STEPS == 1):
                parts = [make(number, number) for number in numbers]
            self.optimizerD.zero_grad(set_to_none=True)
            lossD = self.learn(self.objectiveD, step, parts)
${
    updated("D")
  }        # The generator learns from the discriminator just updated, whose own gradients nobody needs
        self.netD.requires_grad_(False)
        for update in range(G_STEPS):
            if D_STEPS > 1 or update > 0:
                # Fresh latent vectors, beside the last pictures
                latents = update + (D_STEPS if D_STEPS > 1 else 0)
                last = (D_STEPS - 1) * ACCUMULATE
                parts = [make(last + k, latents * ACCUMULATE + k) for k in range(ACCUMULATE)]
            self.optimizerG.zero_grad(set_to_none=True)
            lossG = self.learn(self.objectiveG, step, parts)
${updated("G")}${
    lines(
      2,
      isAdaptive && "self.adapt(step)",
      hasAverage && `self.update_average(${changes(ema) ? "decay_at(step, EMA, self.steps)" : "EMA"})`,
      "return torch.stack([lossD, lossG])",
    )
  }${hasAverage ? AVERAGE : ""}${isAdaptive ? adaptText(augmentTarget) : ""}`;
}

const AVERAGE = `
    @torch.no_grad()
    def update_average(self, decay):
        """Takes the generator's weights into their average; early updates take more."""
        self.average_steps += 1
        share = max(1 - decay, 9 / (10 + self.average_steps))
        for average, weight in zip(self.average.parameters(), self.netG.parameters()):
            average.lerp_(weight, share)
        for average, statistic in zip(self.average.buffers(), self.netG.buffers()):
            average.copy_(statistic)
`;

const adaptText = (target: number) => `
    def adapt(self, step):
        """Moves the probability of augmentations toward a mean sign of ${target} (ADA, Karras et al. 2020)."""
        dist.all_reduce(self.signs)
        self.sum_of_signs += self.signs.item() / WORLD
        if (step + 1) % 4 == 0:
            images = BATCH * D_STEPS
            speed = 4 * images / min(max((step + 1) * images, 5_000), 500_000)
            lead = self.sum_of_signs / 4 - ${target}
            change = speed * ((lead > 0) - (lead < 0))
            self.probability = min(max(self.probability + change, 0.0), 0.8)
            self.sum_of_signs = 0.0
`;
