/**
 * Widths and batches that `auto` chooses from, dearest first. The generator is half as wide: with nearest
 * upsampling its layers have twice as many maps at the same edge.
 */
export const WIDTHS = [
  { ngf: 32, ndf: 64, batch: 64 },
  { ngf: 32, ndf: 64, batch: 32 },
  { ngf: 16, ndf: 32, batch: 32 },
  { ngf: 16, ndf: 32, batch: 16 },
  { ngf: 8, ndf: 16, batch: 16 },
] as const;

/** Place of those that are timed first. */
export const FIRST = 3;

/** Those that are timed first. */
export const TIMED_FIRST = WIDTHS[FIRST];
