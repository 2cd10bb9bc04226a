/** `0` to `count - 1`. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Closes the loops that `open` opened. */
export function closing(open: string): string {
  return "  " + "}".repeat(open.split("{").length - 1);
}
