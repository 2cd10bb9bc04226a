/** Grids of samples over a run that does not say how many steps lie between them. */
const PICTURES = 20;

/** How much farther each of the first pictures is than the one before. */
const GROWTH = 4;

/** Digits of the number of steps between pictures. */
const DIGITS = 2;

/**
 * The next step after which samples are drawn.
 *
 * Without a number of steps between them it follows from the run's length: the first after one step, then after 4, 16,
 * 64 and so on, so that something is soon to be seen; and besides about twenty, evenly over the run.
 *
 * @param done Steps done.
 * @param steps Steps of the whole run.
 * @param every Steps between pictures; 0 for none but the last.
 */
export function nextSamples(done: number, steps: number, every: number | undefined): number {
  if (every === undefined) {
    return Math.min(nextEarly(done, evenly(steps)), multipleAfter(done, evenly(steps)));
  }
  return every === 0 ? Infinity : multipleAfter(done, every);
}

/** The next multiple of a number. */
export function multipleAfter(done: number, every: number): number {
  return (Math.floor(done / every) + 1) * every;
}

/** Steps between pictures, rounded up to what is easy to read. */
function evenly(steps: number): number {
  const exact = Math.ceil(steps / PICTURES);
  const unit = 10 ** Math.max(0, `${exact}`.length - DIGITS);
  return Math.ceil(exact / unit) * unit;
}

/** The next power of {@linkcode GROWTH} that comes before the even ones. */
function nextEarly(done: number, even: number): number {
  let step = 1;
  while (step <= done) step *= GROWTH;
  return step < even ? step : Infinity;
}
