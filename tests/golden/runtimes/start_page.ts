/** Runs in a page: a bundle with it is what browsers get. */
import type { PagePort } from "../../../scripts/runtimes/page.ts";
import { runGolden } from "./golden_run.ts";

/** Runs what it is asked to. */
export async function main({ ask, say }: PagePort): Promise<void> {
  const task = JSON.parse(await ask() ?? "");
  await runGolden(task, async (name) => {
    const response = await fetch(`/files/${name}`);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }, (line) => say(JSON.stringify(line)));
}
