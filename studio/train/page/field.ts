import { type Attributes, element } from "../../page/element.ts";

/** Numbers ids of fields, by which labels find them. */
let count = 0;

/** A label above a control. */
export function field(label: string, control: HTMLInputElement | HTMLSelectElement): HTMLElement {
  control.id ||= `field-${count++}`;
  return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
}

/** A label beside a checkbox. */
export function checkField(label: string, control: HTMLInputElement): HTMLElement {
  return element("label", { class: "check" }, control, element("span", {}, label));
}

/** An input of a number. */
export function numberInput(attributes: Attributes): HTMLInputElement {
  return element("input", { type: "number", inputmode: "decimal", ...attributes });
}

/** A list to choose from: values and their words, in this order. */
export function choice(
  options: readonly (readonly [value: string | number, words: string])[],
): HTMLSelectElement {
  return element("select", {}, ...options.map(([value, words]) => element("option", { value }, words)));
}

/** The number in an input; undefined if it is empty. */
export function numberOf({ value }: HTMLInputElement): number | undefined {
  return value.trim() === "" ? undefined : Number(value);
}
