import type { Parameter } from "../module.ts";

/** Throws if a layer is already in use, before anything is allocated. */
export function checkUnplaced(parameters: ReadonlyMap<string, Parameter>): void {
  const names = new Map<Parameter, string>();
  for (const [name, parameter] of parameters) {
    const known = names.get(parameter);
    if (known !== undefined) {
      throw new RangeError(`'${known}' and '${name}' are one parameter: create a new layer for each place`);
    }
    if (parameter.placed) {
      throw new RangeError(
        `'${name}' already belongs to another network: create new layers for each network`,
      );
    }
    names.set(parameter, name);
  }
}
