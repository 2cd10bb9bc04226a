import { lines } from "../lines.ts";
import type { Contender } from "./contenders.ts";
import { Inspection } from "./inspection.ts";
import type { Problem } from "./problem.ts";
import type { Command, Reply } from "./protocol.ts";

/** A contender in a process of its own, warm between turns and asleep until asked. */
export class Worker implements AsyncDisposable {
  /** Who it is. */
  readonly contender: Contender;
  /** What its answers tell. */
  readonly inspection: Inspection;
  #child: Deno.ChildProcess;
  #input: WritableStreamDefaultWriter<Uint8Array>;
  #answers: AsyncGenerator<string>;
  #complaints: Promise<string>;
  #started = performance.now();

  /** Starts the process; it opens its library when it is asked for the first time. */
  constructor(contender: Contender, problem: Problem, env: Record<string, string> = {}) {
    this.contender = contender;
    this.inspection = new Inspection(contender.name);
    const path = (relative: string): string =>
      decodeURIComponent(new URL(relative, import.meta.url).pathname);
    const { config, program } = contender;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--config", path(config), path(program), JSON.stringify(problem)],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#answers = lines(this.#child.stdout);
    this.#complaints = new Response(this.#child.stderr).text();
  }

  /**
   * Has it do something, and waits.
   *
   * @throws {Error} with what it wrote to stderr, if it ends instead of answering.
   */
  async ask(command: Command, count = 1): Promise<Reply> {
    await this.#input.write(new TextEncoder().encode(`${command} ${count}\n`)).catch(() => {});
    const { value, done } = await this.#answers.next();
    if (!done) {
      const reply = JSON.parse(value) as Reply;
      this.inspection.see(reply);
      return reply;
    }
    const message = (await this.#complaints).match(/^error: (.*)$/m)?.[1] ?? await this.#complaints;
    throw new Error(`${this.contender.name} gave up: ${message.trim()}`);
  }

  /** Has it run one training step, and gives the seconds since its process was started. */
  async firstStep(): Promise<number> {
    await this.ask("train");
    return (performance.now() - this.#started) / 1000;
  }

  /** The most memory that it ever held, where the system tells (Linux). */
  async peakBytes(): Promise<number | undefined> {
    try {
      const status = await Deno.readTextFile(`/proc/${this.#child.pid}/status`);
      const kibibytes = status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1];
      return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
    } catch {
      return undefined;
    }
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#child.status;
    await this.#answers.return(undefined);
    await this.#complaints;
  }
}
