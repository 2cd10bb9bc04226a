import type { AdapterFacts } from "./adapter.ts";

/** Adapters that are alike in what makes kernels fast. */
export type Family = "llvmpipe" | "swiftshader" | "nvidia" | "amd" | "intel" | "apple" | "other";

/** How adapters of each family name themselves, or what their vendor's number is. */
const PATTERNS: readonly (readonly [Family, RegExp])[] = [
  ["llvmpipe", /llvmpipe|lavapipe/i],
  ["swiftshader", /swiftshader/i],
  ["nvidia", /nvidia|geforce|quadro|tesla|\brtx\b|\bgtx\b|\b4318\b|0x10de/i],
  ["amd", /\bamd\b|radeon|\b4098\b|0x1002/i],
  ["apple", /apple/i],
  ["intel", /intel|\b32902\b|0x8086/i],
];

/** The family of an adapter. */
export function familyOf({ name, vendor, architecture }: AdapterFacts): Family {
  const text = `${name} ${vendor} ${architecture}`;
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? "other";
}
