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
  let flat: ArrayLike<number>;
  let found: number[];
  if (typeof values === "number") {
    [flat, found] = [[values], []];
  } else if (isFlat(values)) {
    [flat, found] = [values, [values.length]];
  } else {
    found = shapeOf(values);
    flat = (values as number[]).flat(Infinity) as number[];
    if (flat.length !== sizeOf(found)) {
      throw new RangeError(
        `Rows differ in length: the first ones give shape ${formatShape(found)}, but there are ` +
          `${flat.length} values`,
      );
    }
  }
  if (shape && sizeOf(shape) !== flat.length) {
    throw new RangeError(
      `Cannot give ${flat.length} values the shape ${formatShape(shape)}: it takes ${sizeOf(shape)}`,
    );
  }
  return { values: flat, shape: [...(shape ?? found)] };
}

function isFlat(values: Exclude<NestedNumbers, number>): values is ArrayLike<number> {
  return ArrayBuffer.isView(values) || typeof values[0] === "number" || values.length === 0;
}

function shapeOf(values: NestedNumbers): number[] {
  if (typeof values === "number") return [];
  const first = values[0];
  return [values.length, ...(first === undefined ? [] : shapeOf(first))];
}
