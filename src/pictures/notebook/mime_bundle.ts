import { base64 } from "../bytes.ts";

/**
 * What a notebook shows of a value, by MIME type: text as it is, and pictures in base64. A notebook takes the richest
 * form that it can show.
 */
export type MimeBundle = Readonly<Record<string, string>>;

/** Has all objects of a prototype show themselves when a cell of a notebook (`deno jupyter`) ends with one. */
export function showInNotebooks<T extends object>(
  prototype: T,
  bundleOf: (value: T) => MimeBundle | Promise<MimeBundle>,
): void {
  Object.defineProperty(prototype, Symbol.for("Jupyter.display"), {
    value(this: T) {
      return bundleOf(this);
    },
    configurable: true,
    writable: true,
  });
}

/**
 * A function that has plain objects show themselves in notebooks. It returns the object it is given, which gets no
 * property of its own: it is printed, compared and written as JSON as before.
 */
export function shownBy<T extends object>(
  bundleOf: (value: T) => MimeBundle | Promise<MimeBundle>,
): (value: T) => T {
  const prototype: T = Object.create(Object.prototype);
  showInNotebooks(prototype, bundleOf);
  return (value) => Object.setPrototypeOf(value, prototype);
}

/** A bundle of these forms; those that are undefined are left out. */
export function mimeBundle(
  { text, html, png }: {
    readonly text: string;
    readonly html?: string | undefined;
    readonly png?: Uint8Array | undefined;
  },
): MimeBundle {
  return {
    "text/plain": text,
    ...html === undefined ? {} : { "text/html": html },
    ...png === undefined ? {} : { "image/png": base64(png) },
  };
}
