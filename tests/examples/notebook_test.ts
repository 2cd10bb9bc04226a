/** The notebook runs in Deno's own kernel, as it would in Jupyter, and what is saved in it is of such a run. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Cell, readNotebook } from "../../scripts/notebook/ipynb.ts";
import { Kernel, type Output } from "../../scripts/notebook/kernel.ts";
import { withFolder } from "../support/temp_folder.ts";

const root = new URL("../../", import.meta.url);
const file = new URL("examples/notebook.ipynb", root);
const notebook = await readNotebook(file);
const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");

/** Kinds of outputs, and what MIME types they have. */
function kindsOf(outputs: Cell["outputs"]): string[] {
  return outputs!.map((output) =>
    "data" in output
      ? `${output.output_type} ${Object.keys(output.data).sort().join(" ")}`
      : output.output_type
  );
}

/** All text that a cell shows. */
function textOf(outputs: readonly Output[]): string {
  return outputs.map((output) => "data" in output ? `${output.data["text/plain"]}` : JSON.stringify(output))
    .join("\n");
}

/** Fewer steps, which take no minute. */
function shortened(source: string): string {
  return source.replace("STEPS = 800", "STEPS = 50").replace("steps: 300", "steps: 4, scoreEvery: 0");
}

Deno.test("examples/notebook.ipynb runs in the kernel, and each cell shows what is saved of it", async () => {
  const sources = code.map(({ source }) => source as string);
  assertEquals(sources.filter((source) => shortened(source) !== source).length, 2);
  await using kernel = await Kernel.start(root.pathname);
  for (const [i, source] of sources.entries()) {
    const { outputs, updates } = await kernel.execute(shortened(source));
    assertEquals([source, kindsOf(outputs)], [source, kindsOf(code[i]!.outputs)], textOf(outputs));
    // Two views, each shown twice
    if (source.includes("STEPS = 800")) assertEquals(updates, 2);
    if (source.includes("steps: 300")) {
      assert(updates >= 1, `${updates} updates`);
      assertStringIncludes(textOf(outputs), "Trained 4 steps");
      assertStringIncludes(JSON.stringify(outputs), "Samples of step 4");
    }
  }
});

Deno.test("examples/notebook.ipynb is saved as it ran, in order, without errors, in less than 500 kB", async () => {
  assertEquals(code.map(({ execution_count }) => execution_count), code.map((_, i) => i + 1));
  for (const { source, outputs } of code) {
    const isError = (output: Output) =>
      output.output_type === "error" || JSON.stringify(output).includes("stderr");
    assertEquals([source, outputs!.some(isError)], [source, false]);
  }
  assert((await Deno.stat(file)).size < 500_000);
  assertEquals(new Set(notebook.cells.map(({ id }) => id)).size, notebook.cells.length);
});

Deno.test("examples/notebook.ipynb has code that is formatted, and has the right types", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/cells.ts`;
    await Deno.writeTextFile(path, code.map(({ source }) => `${source}\n`).join("\n"));
    for (const args of [["check"], ["fmt", "--check"]]) {
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args, "--config", new URL("deno.json", root).pathname, path],
        env: { NO_COLOR: "1" },
      }).output();
      assert(success, new TextDecoder().decode(stderr));
    }
  });
});

Deno.test("Kernel gives what cells print, show, replace and throw", async () => {
  await withFolder(async (folder) => {
    await using kernel = await Kernel.start(folder);
    const printed = await kernel.execute('console.log("a"); console.log("b"); console.error("c")');
    assertEquals(printed.outputs, [
      { output_type: "stream", name: "stdout", text: "a\nb\n" },
      { output_type: "stream", name: "stderr", text: "c\n" },
    ]);
    const show = (text: string, update: boolean) =>
      `await Deno.jupyter.display({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "${text}" }) }, ` +
      `{ display_id: "x", update: ${update} });`;
    const shown = await kernel.execute(show("first", false));
    assertEquals(shown.outputs, [{
      output_type: "display_data",
      data: { "text/plain": "first" },
      metadata: {},
    }]);
    // Replaces what another cell has shown
    const replaced = await kernel.execute(show("second", true));
    assertEquals([replaced.outputs, replaced.updates], [[], 1]);
    assertEquals(textOf(shown.outputs), "second");
    const { outputs: [error], executionCount } = await kernel.execute('throw new RangeError("no")');
    assertEquals(executionCount, 4);
    assert(error?.output_type === "error" && error.ename === "RangeError" && error.evalue === "no");
  });
});
