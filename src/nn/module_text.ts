import { formatShape } from "../gpu/tensor/shape.ts";
import type { Module, Parameter } from "./module.ts";

/**
 * The modules that a module is made of, a line each: name, kind, shapes of its parameters and their number. Empty if it
 * has no children.
 *
 *     0    Conv2d       weight [4, 4, 3, 8], bias [8]   392
 *     1    BatchNorm2d  weight [8], bias [8]             16
 *     2    Relu
 */
export function modulesText(module: Module): string {
  const rows = Object.entries(module.children()).flatMap(([name, child]) => [...rowsOf(name, child)]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 3 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)
    );
    return `  ${cells.join("  ")}`.trimEnd();
  }).join("\n");
}

/** A module with parameters, or without children, has a row, and each of its children theirs. */
function* rowsOf(name: string, module: Module): Generator<readonly string[]> {
  const children = Object.entries(module.children());
  const parameters = Object.entries(module.parameters());
  if (children.length === 0 || parameters.length > 0) {
    const count = parameters.reduce(
      (sum, [, { shape }]) => sum + shape.reduce((all, one) => all * one, 1),
      0,
    );
    const shapes = parameters.map(([key, parameter]) => parameterText(key, parameter)).join(", ");
    yield [name, module.constructor.name, shapes, count === 0 ? "" : `${count}`];
  }
  for (const [key, child] of children) yield* rowsOf(`${name}.${key}`, child);
}

/** A parameter in a line: `weight [4, 4, 3, 8]`. */
export function parameterText(name: string, { shape, frozen }: Parameter): string {
  return `${name} ${formatShape(shape)}${frozen ? " frozen" : ""}`;
}
