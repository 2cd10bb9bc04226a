/** Real data beside the repository, which tests use where it is there. */
import { fileURLToPath } from "node:url";

/** Folder of the real data. */
export const realData: string = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));

/** Options of a test that needs a file of the real data: it is ignored, and says so, where the file is missing. */
export function needs(file: string): { ignore: boolean } {
  let missing = false;
  try {
    Deno.statSync(realData + file);
  } catch {
    missing = true;
    console.log(`Skipping tests on real data: there is no ../shared/data/${file}`);
  }
  return { ignore: missing };
}
