/** What Deno and Node tell a value that is printed, as far as it is looked at. */
interface InspectOptions {
  /** Columns that it is indented by: 0 unless it is part of another value. */
  readonly indentationLvl?: number;
}

/**
 * Prints objects of a class, and of those that extend it, as their `toString()`: by `console.log` in Deno and in Node, at
 * a prompt and in a notebook. Otherwise everything they hold would be printed, down to the limits of the GPU.
 *
 * Called by a static field of the class and marked as pure, so that bundlers leave a class out that nobody uses.
 *
 * @param inFull What is printed of an object that is no part of another one, if that is more.
 */
export function printAsText<T extends object>(
  { prototype }: { readonly prototype: T },
  inFull: (value: T) => string = (value) => `${value}`,
): void {
  for (const name of ["Deno.customInspect", "nodejs.util.inspect.custom"]) {
    define(
      prototype,
      name,
      (value, _, options?: InspectOptions) => (options?.indentationLvl ?? 0) > 0 ? `${value}` : inFull(value),
    );
  }
  define(prototype, "Jupyter.display", (value) => ({ "text/plain": inFull(value) }));
}

function define<T extends object>(
  prototype: T,
  name: string,
  // deno-lint-ignore no-explicit-any
  show: (value: T, ...rest: any[]) => unknown,
): void {
  Object.defineProperty(prototype, Symbol.for(name), {
    value(this: T, ...rest: unknown[]) {
      return show(this, ...rest);
    },
    configurable: true,
    writable: true,
  });
}
