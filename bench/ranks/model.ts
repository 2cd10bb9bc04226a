/** What a step is made of, in seconds and bytes. */
export interface StepPieces {
  /** Of the products and all else that grows with images, for one image on one rank. */
  readonly perImage: number;
  /** Of what each rank does for itself, whatever its images are: the optimizers, and transforms of weights. */
  readonly fixed: number;
  /** How often ranks meet. */
  readonly meetings: number;
  /** Of each meeting on the host: reading, writing and launching. */
  readonly perMeeting: number;
  /** Bytes of all gradients. */
  readonly gradients: number;
  /** Bytes of the statistics of one shard, in all meetings together. */
  readonly statistics: number;
}

/** What connects ranks. */
export interface Network {
  readonly name: string;
  /** Seconds until a small message arrives. */
  readonly latency: number;
  /** Seconds that a rank spends on each small message more. */
  readonly perMessage: number;
  /** Bytes a second, in each direction. */
  readonly bandwidth: number;
}

/** A step on some ranks, as the model has it, in seconds. */
export interface ModeledStep {
  readonly computing: number;
  readonly statistics: number;
  readonly gradients: number;
  readonly all: number;
  /** Of the time that ranks would need if they shared all work, and passing took none. */
  readonly efficiency: number;
}

/**
 * The time of a step of `images` on so many ranks, a shard each: each image once, the fixed work on each rank, at each
 * meeting a message from each rank to each other one, and the gradients twice, once in parts to whom adds them and once
 * back.
 */
export function modelStep(
  pieces: StepPieces,
  { latency, perMessage, bandwidth }: Network,
  ranks: number,
  images: number,
): ModeledStep {
  const own = images / ranks * pieces.perImage;
  const computing = own + pieces.fixed;
  const others = ranks - 1;
  const isShared = ranks > 1;
  const meeting = isShared ? pieces.perMeeting + latency + others * perMessage : 0;
  const statistics = pieces.meetings * meeting + others * pieces.statistics / bandwidth;
  const gradients = 2 * others / ranks * pieces.gradients / bandwidth;
  const all = computing + statistics + gradients;
  return { computing, statistics, gradients, all, efficiency: (own + pieces.fixed / ranks) / all };
}
