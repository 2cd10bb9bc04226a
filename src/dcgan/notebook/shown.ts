import { printAsText } from "../../gpu/mod.ts";
import { type MimeBundle, mimeBundle, showInNotebooks } from "../../pictures/notebook/mime_bundle.ts";

/** The forms of a {@linkcode Shown}. */
export interface ShownForms {
  /** A line or more, for terminals. */
  readonly text: string;
  /** HTML, for notebooks. */
  readonly html?: string;
  /** A picture as PNG. */
  readonly png?: Uint8Array;
}

/**
 * Something to look at. In a notebook (`deno jupyter`) it shows itself as a picture or as HTML if it is what a cell ends
 * with, or is passed to `Deno.jupyter.display()`; `console.log` prints its text.
 */
export class Shown {
  /** A line or more, for terminals. */
  readonly text: string;
  /** HTML, if it has any. */
  readonly html: string | undefined;
  /** A picture as PNG, ready for `Deno.writeFile()`, if it has one. */
  readonly png: Uint8Array | undefined;

  /** Of at least a text. */
  constructor({ text, html, png }: ShownForms) {
    this.text = text;
    this.html = html;
    this.png = png;
  }

  /** All forms, by MIME type. */
  bundle(): MimeBundle {
    return mimeBundle(this);
  }

  /** Its text. */
  toString(): string {
    return this.text;
  }
}

printAsText(Shown);
showInNotebooks(Shown.prototype, (shown) => shown.bundle());
