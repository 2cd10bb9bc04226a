import { Tensor } from "./tensor.ts";

/**
 * The tensors in a value: itself, or those in arrays, plain objects, maps and sets, however deep. Of other objects only
 * the tensors among their own properties, since anything deeper may not belong to them.
 */
export function tensorsIn(value: unknown): Tensor[] {
  const tensors = new Set<Tensor>();
  const seen = new Set<object>();
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (next instanceof Tensor) {
      tensors.add(next);
    } else if (typeof next === "object" && next !== null && !seen.has(next)) {
      seen.add(next);
      // One by one: a spread would put as many arguments on the stack.
      for (const part of partsOf(next)) waiting.push(part);
    }
  }
  return [...tensors];
}

function partsOf(value: object): Iterable<unknown> {
  if (ArrayBuffer.isView(value)) return [];
  if (Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  const own = Object.values(value);
  const prototype = Object.getPrototypeOf(value);
  const plain = prototype === null || prototype === Object.prototype;
  return plain ? own : own.filter((part) => part instanceof Tensor);
}
