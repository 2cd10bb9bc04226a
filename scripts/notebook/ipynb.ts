/**
 * Notebooks as files (nbformat 4.5, https://nbformat.readthedocs.io/en/stable/format_description.html).
 *
 * @module
 */
import type { MimeBundle, Output } from "./kernel.ts";

/** A cell. */
export interface Cell {
  /** Kind. */
  readonly cell_type: "code" | "markdown";
  /** Names it in its notebook. */
  readonly id: string;
  /** Anything. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Its text; in files also as lines. */
  source: string | readonly string[];
  /** When it ran, of a cell of code. */
  execution_count?: number | null;
  /** What it showed. */
  outputs?: readonly Output[];
}

/** A notebook. */
export interface Notebook {
  /** From top to bottom. */
  readonly cells: readonly Cell[];
  /** Its kernel and language. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Version of the format. */
  readonly nbformat: 4;
  /** Its minor version. */
  readonly nbformat_minor: number;
}

/** Text of files is a string, or an array of its lines. */
function textOf(text: string | readonly string[]): string {
  return typeof text === "string" ? text : text.join("");
}

/** The lines of a text, each with its line break, as Jupyter keeps them, so that a change is a change of lines. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Reads a notebook, with all texts whole. */
export async function readNotebook(path: string | URL): Promise<Notebook> {
  const notebook = JSON.parse(await Deno.readTextFile(path)) as Notebook;
  for (const cell of notebook.cells) {
    cell.source = textOf(cell.source);
    if (!cell.outputs) continue;
    cell.outputs = cell.outputs.map((output): Output => {
      if (output.output_type === "stream") return { ...output, text: textOf(output.text) };
      return output.output_type === "error" ? output : { ...output, data: mapTexts(output.data, textOf) };
    });
  }
  return notebook;
}

/** Writes a notebook as Jupyter does. */
export async function writeNotebook(path: string | URL, notebook: Notebook): Promise<void> {
  const cells = notebook.cells.map(({ source, outputs, ...cell }) => ({
    ...cell,
    ...outputs ? { outputs: outputs.map(outputInFile) } : {},
    source: linesOf(textOf(source)),
  }));
  await Deno.writeTextFile(path, `${JSON.stringify({ ...notebook, cells }, sortedKeys, 1)}\n`);
}

function outputInFile(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: linesOf(output.text) };
  if (output.output_type === "error") return output;
  const lines = (text: string | readonly string[]) => linesOf(textOf(text));
  const isText = ([type]: [string, unknown]) => type.startsWith("text/");
  const texts = Object.fromEntries(Object.entries(output.data).filter(isText));
  return { ...output, data: { ...output.data, ...mapTexts(texts, lines) } };
}

function mapTexts<T>(data: MimeBundle, change: (text: string | readonly string[]) => T): MimeBundle {
  const isText = (value: unknown): value is string | readonly string[] =>
    typeof value === "string" || Array.isArray(value);
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [type, isText(value) ? change(value) : value]),
  );
}

/** Keys in order, as Jupyter writes them. */
function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
