/** The extents of a tensor, outermost first. A scalar has the empty shape. */
export type Shape = readonly number[];

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** `[2, 3]` as text, for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** True when both shapes have the same extents in the same order. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/**
 * Throws unless every extent is a whole number of at least 1.
 *
 * @throws {RangeError} naming the shape found.
 */
export function checkShape(shape: Shape): void {
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 1) {
      throw new RangeError(
        `Cannot make a tensor of shape ${
          formatShape(shape)
        }: every extent must be a whole number of at least 1`,
      );
    }
  }
}

/**
 * The shape two operands broadcast to, aligned at their last axes as in PyTorch and NumPy.
 *
 * @throws {RangeError} if two extents differ and neither is 1.
 */
export function broadcastShape(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new RangeError(
        `Cannot broadcast ${formatShape(a)} with ${formatShape(b)}: ` +
          `axis ${axis} of the result has extents ${left} and ${right}, which must be equal or 1`,
      );
    }
    return Math.max(left, right);
  });
}

/**
 * Axes as sorted, non-negative numbers; `undefined` means all of them.
 *
 * @throws {RangeError} if an axis does not exist or is named twice.
 */
export function normalizeAxes(axes: readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const normalized = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  for (const [position, axis] of normalized.entries()) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank) {
      throw new RangeError(
        `An axis of a tensor of rank ${rank} must be from ${-rank} to ${rank - 1}, found ${axes[position]}`,
      );
    }
  }
  if (new Set(normalized).size !== normalized.length) {
    throw new RangeError(`Axes must differ, found ${formatShape(axes)}`);
  }
  return normalized.sort((a, b) => a - b);
}
