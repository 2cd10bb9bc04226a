/**
 * `deno task notebook`: runs the cells of examples/notebook.ipynb in Deno's kernel for Jupyter, and saves what they show
 * in the file. It needs no Jupyter.
 */
import { readNotebook, writeNotebook } from "./ipynb.ts";
import { Kernel } from "./kernel.ts";

const root = new URL("../../", import.meta.url);
const file = new URL("examples/notebook.ipynb", root);

const notebook = await readNotebook(file);
const started = performance.now();
await using kernel = await Kernel.start(root.pathname);
for (const cell of notebook.cells) {
  if (cell.cell_type !== "code") continue;
  const begun = performance.now();
  const { executionCount, outputs } = await kernel.execute(cell.source as string);
  cell.execution_count = executionCount;
  cell.outputs = outputs;
  console.log(`[${executionCount}] ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  const error = outputs.find((output) => output.output_type === "error");
  if (error) throw new Error(error.traceback.join("\n"));
}
await writeNotebook(file, notebook);
const { size } = await Deno.stat(file);
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s, ${Math.round(size / 1000)} kB`);
