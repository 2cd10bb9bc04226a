import { fileURLToPath } from "node:url";

/** How the golden cases went. */
export interface GoldenResult {
  /** The folder of the cases. */
  readonly folder: string;
  /** Cases that agree with PyTorch. */
  readonly passed: number;
  /** Cases that do not. */
  readonly failed: number;
}

/** The golden cases' own program. */
const MAIN = fileURLToPath(new URL("../../tests/golden/main.ts", import.meta.url));

/** Where golden cases lie beside a clone. */
const BESIDE = fileURLToPath(new URL("../../../shared/fixtures", import.meta.url));

/** The folder of golden cases beside the clone, where there is one. */
export async function fixturesBeside(): Promise<string | undefined> {
  try {
    await Deno.stat(`${BESIDE}/manifest.json`);
    return BESIDE;
  } catch {
    return undefined;
  }
}

/**
 * Holds the module to the golden cases of a folder, in a process of its own. What it writes goes to `say`.
 *
 * @throws {Error} if it ends without having counted cases.
 */
export async function runGolden(folder: string, say: (text: string) => void): Promise<GoldenResult> {
  const args = ["run", "-A", MAIN, folder];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const output = new TextDecoder().decode(stdout);
  say(output.trimEnd());
  const counts = countsIn(output);
  if (counts) return { folder, ...counts };
  const reason = new TextDecoder().decode(stderr).trim() || "it said nothing";
  throw new Error(`The golden cases of ${folder} did not run: ${reason}`);
}

/** Reads how many cases passed and failed from the last line of their program. */
export function countsIn(output: string): { passed: number; failed: number } | undefined {
  const match = /^(\d+) passed, (\d+) failed$/.exec(output.trimEnd().split("\n").at(-1) ?? "");
  return match ? { passed: Number(match[1]), failed: Number(match[2]) } : undefined;
}
