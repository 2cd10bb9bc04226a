/** The kinds of options that the built-in datasets have, as plugins declare them. */
import type { NumberOption, StringOption } from "./contract.ts";

/** A text, which may be one of a few alone; without a default it is empty. */
export function text(description: string, value = "", choices?: readonly string[]): StringOption {
  return { type: "string", description, default: value, ...(choices && { enum: choices }) };
}

/** A number from a least to a greatest one, if there is one. */
export function number(description: string, value: number, minimum: number, maximum?: number): NumberOption {
  return { type: "number", description, default: value, minimum, ...(maximum !== undefined && { maximum }) };
}

/** A whole number from a least to a greatest one. */
export function integer(description: string, value: number, minimum: number, maximum: number): NumberOption {
  return { type: "integer", description, default: value, minimum, maximum };
}
