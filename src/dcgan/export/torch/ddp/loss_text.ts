import { changes, isOff } from "../../../schedules/scheduled_values.ts";
import type { LossName } from "../../../options/losses.ts";
import { lines, type ScriptFacts } from "./script_facts.ts";

/** What both networks minimize, as Python of the logits `on_real` and `on_fake`. */
const LOSSES: Readonly<Record<LossName, { discriminator: string; generator: string }>> = {
  "non-saturating": {
    discriminator: "",
    generator: "F.binary_cross_entropy_with_logits(on_fake, torch.ones_like(on_fake))",
  },
  minimax: {
    discriminator: "",
    generator: "-F.binary_cross_entropy_with_logits(on_fake, torch.zeros_like(on_fake))",
  },
  "least-squares": {
    discriminator: "0.5 * ((on_real - 1).square().mean() + on_fake.square().mean())",
    generator: "0.5 * (on_fake - 1).square().mean()",
  },
  hinge: {
    discriminator: "F.relu(1 - on_real).mean() + F.relu(1 + on_fake).mean()",
    generator: "-on_fake.mean()",
  },
  wasserstein: {
    discriminator: "on_fake.mean() - on_real.mean()",
    generator: "-on_fake.mean()",
  },
  // Each real image against the fake one of its place (Huang et al. 2024)
  rpgan: {
    discriminator: "F.softplus(on_fake - on_real).mean()",
    generator: "F.softplus(on_real - on_fake).mean()",
  },
};

/** Statements that find the discriminator's loss. */
function discriminatorLoss({ loss, labelSmoothing, labelFlip, shards }: ScriptFacts["config"]): string {
  if (loss !== "non-saturating" && loss !== "minimax") return `loss = ${LOSSES[loss].discriminator}`;
  const targets = `real_target = torch.full_like(on_real, ${labelSmoothing > 0 ? "1 - SMOOTHING" : "1.0"})
fake_target = torch.zeros_like(on_fake)`;
  const flips = `# Some targets are those of the other kind
pairs = RANK * OWN_PAIRS + torch.arange(OWN_PAIRS, device=DEVICE)
${shards > 1 ? "pairs = pairs + pairs // (SHARD // PACK) * (SHARD // PACK)\n" : ""}flipped = []
for place in (pairs, pairs + ${shards > 1 ? "SHARD // PACK" : "PAIRS"}):
    place = 2 * PAIRS * part.number + place
    words = random_rows(LABEL_FLIPS, step, place // 4, 4).gather(1, (place % 4)[:, None])[:, 0]
    flipped.append(uniform(words) < FLIP_PROBABILITY)
real_target, fake_target = (
    torch.where(flipped[0], fake_target, real_target),
    torch.where(flipped[1], real_target, fake_target),
)
`;
  return `${targets}
${labelFlip > 0 ? flips : ""}loss = F.binary_cross_entropy_with_logits(on_real, real_target)
loss = loss + F.binary_cross_entropy_with_logits(on_fake, fake_target)`;
}

/** Functions that penalties need. */
export function penaltyText({ hasSquares }: ScriptFacts): string {
  return hasSquares
    ? `
def gradient_square(logits, images):
    """The mean square of the norm of the gradients of logits at their images."""
    (gradients,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return gradients.square().sum() / len(logits)

`
    : "";
}

/** The methods of both losses. */
export function lossMethods(facts: ScriptFacts): string {
  const {
    config,
    hasImageDraws,
    isConditional,
    isSeenOtherwise,
    hasSquares,
    hasMixes,
    isPaired,
    isAdaptive,
  } = facts;
  const { r1, r2, gradientPenalty, penaltyEvery, loss } = config;
  const labels = isConditional ? ", part.labels" : "";
  const seen = (images: string, rows: string) =>
    isSeenOtherwise ? `self.seen(step, ${images}${hasImageDraws ? `, part.${rows}` : ""})` : images;
  const [real, fake] = isSeenOtherwise ? ["seen_real", "seen_fake"] : ["real", "fake"];
  const value = (name: string, option: unknown) =>
    changes(option) ? `value_at(step, ${name}, self.steps)` : name;
  const times = penaltyEvery > 1 ? "PENALTY_EVERY * " : "";
  const penalties = [
    !isOff(r1) && `loss = loss + ${times}${value("R1", r1)} / 2 * gradient_square(on_real, real)`,
    !isOff(r2) && `loss = loss + ${times}${value("R2", r2)} / 2 * gradient_square(on_fake, fake)`,
    hasMixes &&
    `words = random_words(MIXES, step, part.number * PAIRS + RANK * OWN_PAIRS, OWN_PAIRS)
shares = uniform(words).view(-1, 1, 1, 1)
mixes = (shares * ${real} + (1 - shares) * ${fake}).detach().requires_grad_()
(gradients,) = torch.autograd.grad(self.netD(mixes${labels}).sum(), mixes, create_graph=True)
norms = torch.linalg.vector_norm(gradients.flatten(1), dim=1)
weight = ${times}${value("MIX_WEIGHT", gradientPenalty)}
loss = loss + weight * (norms - 1).square().mean()`,
  ].filter((text) => text !== false).join("\n");
  const certainty = loss === "least-squares"
    ? "on_real - 0.5"
    : loss === "wasserstein" || loss === "rpgan"
    ? "on_real - on_fake"
    : "on_real";
  return `
    def discriminator_loss(self, step, part):
        """That of a micro-batch${penalties === "" ? "" : ", with penalties"}."""
${
    lines(
      2,
      "real, fake = part.real, part.fake.detach()",
      hasSquares && "real.requires_grad_(), fake.requires_grad_()",
      isSeenOtherwise && `seen_real = ${seen("real", "real_rows")}
seen_fake = ${seen("fake", "fake_rows")}`,
      `on_real, on_fake = self.netD(${real}${labels}), self.netD(${fake}${labels})`,
      isAdaptive && `self.signs += (${certainty}).detach().sign().mean() / ACCUMULATE`,
      discriminatorLoss(config),
      penalties !== "" && penaltyEvery > 1 &&
        `if step % PENALTY_EVERY == 0:\n${lines(1, penalties).trimEnd()}`,
      penalties !== "" && penaltyEvery === 1 && penalties,
      "return loss",
    )
  }
    def generator_loss(self, step, part):
        """That of a micro-batch, by the discriminator as it is now."""
${
    lines(
      2,
      isPaired && `with torch.no_grad():
    on_real = self.netD(${seen("part.real", "real_rows")}${labels})`,
      `on_fake = self.netD(${seen("part.fake", "fake_rows")}${labels})`,
      `return ${LOSSES[loss].generator}`,
    )
  }`;
}
