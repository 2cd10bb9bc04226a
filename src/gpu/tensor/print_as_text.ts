/**
 * Prints objects of these classes, and of those that extend them, as their `toString()`: by `console.log` in Deno and
 * in Node, at a prompt and in a notebook. Otherwise everything they hold would be printed, down to the limits of the
 * GPU.
 */
export function printAsText(...classes: readonly { readonly prototype: object }[]): void {
  for (const { prototype } of classes) {
    for (const name of ["Deno.customInspect", "nodejs.util.inspect.custom"]) {
      define(prototype, name, (text) => text);
    }
    define(prototype, "Jupyter.display", (text) => ({ "text/plain": text }));
  }
}

function define(prototype: object, name: string, show: (text: string) => unknown): void {
  Object.defineProperty(prototype, Symbol.for(name), {
    value: function (this: object) {
      return show(`${this}`);
    },
    configurable: true,
    writable: true,
  });
}
