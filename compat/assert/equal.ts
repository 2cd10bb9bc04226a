/** Constructors count as equal when they are the same, or when one side has none and the other is a plain object. */
function sameKind(a: object, b: object): boolean {
  return a.constructor === b.constructor || a.constructor === Object && !b.constructor ||
    !a.constructor && b.constructor === Object;
}

function ownKeys(value: object): PropertyKey[] {
  const symbols = Object.getOwnPropertySymbols(value).filter((key) => Object.hasOwn(value, key));
  return [...Object.keys(value), ...symbols];
}

/**
 * Deep equality as `@std/assert` has it: NaN equals NaN, 0 equals -0, constructors must agree, and sets and maps
 * compare by content whatever their order.
 */
export function equal(left: unknown, right: unknown): boolean {
  const seen = new Map<object, object>();

  function sameEntries(a: Map<unknown, unknown>, b: Map<unknown, unknown>): boolean {
    const unmatched = new Set(b);
    for (const [key, value] of a) {
      let found = false;
      for (const entry of unmatched) {
        if (!compare(key, entry[0]) || !compare(value, entry[1])) continue;
        unmatched.delete(entry);
        found = true;
        break;
      }
      if (!found) return false;
    }
    return true;
  }

  function sameArrays(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!compare(a[i], b[i])) return false;
    return true;
  }

  function compare(a: unknown, b: unknown): boolean {
    if (a === b || Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (!sameKind(a, b)) return false;
    if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
    if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
    if (a instanceof WeakRef && b instanceof WeakRef) return compare(a.deref(), b.deref());
    if (ArrayBuffer.isView(a) && !(a instanceof DataView)) {
      return sameArrays(a as Uint8Array, b as unknown as Uint8Array);
    }
    if (seen.get(a) === b) return true;
    seen.set(a, b);
    if (a instanceof Map && b instanceof Map) return a.size === b.size && sameEntries(a, b);
    if (a instanceof Set && b instanceof Set) {
      return a.size === b.size && sameEntries(new Map(a.entries()), new Map(b.entries()));
    }
    if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
    const keys = ownKeys(a);
    if (keys.length !== ownKeys(b).length) return false;
    const [x, y] = [a as Record<PropertyKey, unknown>, b as Record<PropertyKey, unknown>];
    // An error's name, message and cause are not enumerable, but they are what it says.
    if (a instanceof Error) {
      if (!["name", "message", "cause"].every((key) => compare(x[key], y[key]))) return false;
    }
    return keys.every((key) => key in y && compare(x[key], y[key]));
  }

  return compare(left, right);
}
