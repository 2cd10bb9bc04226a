import type { Terminal } from "../terminal/terminal.ts";
import type { DocumentOf, DocumentType, EventDocument } from "./documents.ts";

/** Version of the documents: it grows if a field goes or changes its meaning, and not if one is added. */
export const OUTPUT_VERSION = 1;

/** Milliseconds between two events that say how far a download has come. */
const PAUSE = 1000;

/** Where a command's result goes: a page of text for people or, with `--json`, a document for programs. */
export class Output {
  /** Whether the result is for programs. */
  readonly isJson: boolean;
  /** Name of the command, such as `datasets info`. */
  command = "";
  readonly #write: (text: string) => void;
  #hasWritten = false;
  #progressed = -Infinity;

  /**
   * @param terminal Gets the result, on its standard output.
   * @param isJson Whether it is for programs.
   */
  constructor({ write }: Pick<Terminal, "write">, isJson: boolean) {
    this.#write = write;
    this.isJson = isJson;
  }

  /** Whether a document was written. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /**
   * Writes the result of a command.
   *
   * @param type What it is.
   * @param value What a program gets of it.
   * @param text What a person gets of it.
   */
  result<T extends DocumentType>(type: T, value: DocumentOf<T>, text: string): void {
    if (this.isJson) this.#document(type, value);
    else if (text !== "") this.#write(text);
  }

  /**
   * Writes the result of a command that writes files.
   *
   * @param value The files, and what goes with them.
   * @param text What a person gets of it.
   */
  files(value: Omit<DocumentOf<"files">, "command">, text: string): void {
    this.result("files", { command: this.command, ...value }, text);
  }

  /** Writes an event of a command that goes on for long, as a line; nothing for people. */
  event(event: EventDocument): void {
    if (!this.isJson || this.#isTooSoon(event)) return;
    const { type, ...rest } = event;
    this.#line(type, rest);
  }

  /** Writes why a command failed; nothing for people, who read it on standard error. */
  error(error: DocumentOf<"error">["error"]): void {
    // A line of its own, as it may come after events
    if (this.isJson) this.#line("error", { error });
  }

  /** Progress comes many times a second. */
  #isTooSoon(event: EventDocument): boolean {
    if (event.type !== "dataset" || event.progress === undefined || event.message !== undefined) return false;
    const now = performance.now();
    const isOver = event.progress.done === event.progress.total;
    if (now - this.#progressed < PAUSE && !isOver) return true;
    this.#progressed = now;
    return false;
  }

  #line(type: string, value: object): void {
    this.#hasWritten = true;
    this.#write(`${JSON.stringify({ type, version: OUTPUT_VERSION, ...value })}\n`);
  }

  #document(type: string, value: object): void {
    this.#hasWritten = true;
    this.#write(`${JSON.stringify({ type, version: OUTPUT_VERSION, ...value }, undefined, 2)}\n`);
  }
}
