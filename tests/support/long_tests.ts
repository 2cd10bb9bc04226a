/** Whether tests try everything, and not a spread of it: if the environment variable `DCGAN_LONG_TESTS` is 1. */
export const isLong: boolean = Deno.env.get("DCGAN_LONG_TESTS") === "1";

/** As many of these as are tried: evenly spread over all, the first and the last among them; in long tests all. */
export function spread<T>(all: readonly T[], most: number, what: string): T[] {
  const count = isLong ? all.length : Math.min(most, all.length);
  console.log(
    `tries ${count} of ${all.length} ${what}${count < all.length ? " (DCGAN_LONG_TESTS=1 tries all)" : ""}`,
  );
  if (count === all.length) return [...all];
  if (count === 1) return [all[0]!];
  return Array.from({ length: count }, (_, i) => all[Math.round(i * (all.length - 1) / (count - 1))]!);
}
