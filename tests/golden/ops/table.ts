import { augmentations } from "./images/augmentation.ts";
import { batchNorms } from "./norms/batch_norm.ts";
import { chains } from "./chain.ts";
import { contractions } from "./contractions.ts";
import type { Run } from "./differentiate.ts";
import { embeddings } from "./layers/embedding.ts";
import { elementwise } from "./elementwise.ts";
import { ganTraining } from "./gan_training.ts";
import { largeOps } from "./large.ts";
import { losses } from "./losses.ts";
import { movingAverages } from "./moving_averages.ts";
import { METRICS } from "./metrics.ts";
import { networks } from "./networks.ts";
import { optimizers } from "./optimizers.ts";
import { penalties } from "./penalties.ts";
import { reductions } from "./reductions.ts";
import { resizing } from "./images/resizing.ts";
import { spectralNormRuns } from "./norms/spectral_norm.ts";

/** How to run each op that a manifest may name. */
export const OPS: ReadonlyMap<string, Run> = new Map(Object.entries({
  ...elementwise,
  ...contractions,
  ...batchNorms,
  ...reductions,
  ...resizing,
  ...augmentations,
  ...losses,
  ...chains,
  ...optimizers,
  ...movingAverages,
  ...networks,
  ...ganTraining,
  ...largeOps,
  ...METRICS,
  ...penalties,
  ...embeddings,
  ...spectralNormRuns,
}));
