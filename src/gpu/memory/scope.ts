import type { Tensor } from "../tensor/tensor.ts";

/**
 * Collects tensors and disposes them when it ends. Created by `device.scope()`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { add, mul, openDevice, type Tensor } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * function polynomial(x: Tensor): Tensor {
 *   using scope = device.scope();
 *   return scope.keep(add(mul(x, x), x));
 * }
 * using y = polynomial(device.tensor([1, 2, 3]));
 * assertEquals([...await y.data()], [2, 6, 12]);
 * ```
 */
export class Scope implements Disposable {
  #stack: Scope[];
  #tensors = new Set<Tensor>();

  /** Created by a device, which passes its stack of open scopes. */
  constructor(stack: Scope[]) {
    this.#stack = stack;
  }

  /** Collects a tensor. */
  add(tensor: Tensor): void {
    this.#tensors.add(tensor);
  }

  /**
   * Lets a tensor outlive this scope; the one around it collects it. What it was computed from is still disposed, and
   * gradients cannot pass that: take them before the scope ends, or keep every tensor on the way.
   */
  keep<T extends Tensor>(tensor: T): T {
    // What a program that is being recorded makes is not collected: it must not go to the scope around this one.
    if (this.#tensors.delete(tensor)) this.#stack[this.#stack.indexOf(this) - 1]?.add(tensor);
    // Tensors that only its gradient needs are freed with it
    for (const saved of tensor.origin?.saved ?? []) this.#tensors.delete(saved);
    return tensor;
  }

  /** Disposes what was collected and not kept. */
  [Symbol.dispose](): void {
    const position = this.#stack.indexOf(this);
    if (position >= 0) this.#stack.splice(position, 1);
    for (const tensor of this.#tensors) tensor.dispose();
    this.#tensors.clear();
  }
}
