import type { Pictures } from "../../engine/model.ts";

/** How levels changed, around middle gray, the largest change of all as far as it goes. */
export function differenceOf(before: Pictures, after: Pictures): { pictures: Pictures; most: number } {
  let most = 0;
  for (const [at, level] of after.data.entries()) most = Math.max(most, Math.abs(level - before.data[at]!));
  const data = after.data.map((level, at) =>
    Math.round(127.5 + 127.5 * (level - before.data[at]!) / (most || 1))
  );
  // Alpha stays, so that changes are seen
  const { channels } = before;
  if (channels % 2 === 0) { for (let at = channels - 1; at < data.length; at += channels) data[at] = 255; }
  return { pictures: { ...before, data }, most };
}
