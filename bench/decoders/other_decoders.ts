import { fileURLToPath } from "node:url";
import { lines } from "../lines.ts";

/** Decoders that the module does not use, in a process of their own with packages of their own. */
export class OtherDecoders implements AsyncDisposable {
  #child: Deno.ChildProcess;
  #input: WritableStreamDefaultWriter<Uint8Array>;
  #answers: AsyncGenerator<string>;

  /** Starts the process; it decodes the files of `folder` whenever it is asked. */
  constructor(folder: string) {
    const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--config", path("others/deno.json"), path("others/main.ts"), folder],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#answers = lines(this.#child.stdout);
  }

  /**
   * Names, and milliseconds of processor time for a picture.
   *
   * @throws {Error} if the process ends instead; what it says of that is on stderr by then.
   */
  async time(): Promise<(readonly [name: string, milliseconds: number])[]> {
    await this.#input.write(new TextEncoder().encode("\n")).catch(() => {});
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("The other decoders gave up; are their packages there? See above");
    return JSON.parse(value);
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#child.status;
    await this.#answers.return(undefined);
  }
}
