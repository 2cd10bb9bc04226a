import { formatShape, type Shape, sizeOf } from "./shape.ts";

/** Numbers, flat or nested to any depth. */
export type NestedNumbers = number | ArrayLike<number> | readonly NestedNumbers[];

/**
 * Values in a row, with their shape: the one given, or the one that the nesting has.
 *
 * @throws {RangeError} if rows differ in length, or if the number of values does not fit the shape given.
 */
export function flattenValues(
  values: NestedNumbers,
  shape?: Shape,
): { values: ArrayLike<number>; shape: number[] } {
  const found = shapeOf(values);
  let flat: ArrayLike<number>;
  if (isRow(values) && !(Array.isArray(values) && values.some((value) => typeof value === "object"))) {
    flat = values;
  } else {
    const collected: number[] = [];
    collect(values, found, [], collected);
    flat = collected;
  }
  if (shape && sizeOf(shape) !== flat.length) {
    throw new RangeError(
      `Cannot give ${flat.length} values the shape ${formatShape(shape)}: it takes ${sizeOf(shape)}`,
    );
  }
  return { values: flat, shape: [...(shape ?? found)] };
}

/** True for numbers that are not nested any deeper, by the first of them. */
function isRow(values: NestedNumbers): values is ArrayLike<number> {
  return typeof values !== "number" && typeof values[0] !== "object";
}

/** The shape by the first element of each level. */
function shapeOf(values: NestedNumbers): number[] {
  if (typeof values === "number") return [];
  return isRow(values) ? [values.length] : [values.length, ...shapeOf(values[0]!)];
}

/** Adds the values to `flat`, and throws if they do not have the shape; `index` is where they lie in the whole. */
function collect(values: NestedNumbers, shape: Shape, index: number[], flat: number[]): void {
  const extent = shape[index.length];
  if (typeof values !== "object") {
    if (extent !== undefined) refuse("a number", extent, index);
    flat.push(values);
    return;
  }
  if (values.length !== extent) refuse(`${values.length} values`, extent, index);
  for (let i = 0; i < extent; i++) {
    index.push(i);
    collect(values[i]!, shape, index, flat);
    index.pop();
  }
}

function refuse(found: string, extent: number | undefined, index: Shape): never {
  throw new RangeError(
    `Rows must all have the same shape as the first ones, ` +
      `${extent === undefined ? "a number" : `${extent} values`} at ${formatShape(index)}, found ${found}`,
  );
}
