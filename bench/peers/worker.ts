import { lines } from "../lines.ts";
import { type Contender, isPython } from "./contenders.ts";
import { Inspection } from "./inspection.ts";
import type { Problem } from "./problem.ts";
import type { Command, Reply } from "./protocol.ts";
import { GIVEN_STEPS } from "./pytorch/given.ts";

/** What a contender's process is started with. */
export interface Start {
  /** What it trains. */
  readonly problem: Problem;
  /** For contenders in Python: the program that has PyTorch, and the file of what it cannot compute for itself. */
  readonly pytorch?: { readonly python: string; readonly given: string } | undefined;
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

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
  constructor(contender: Contender, start: Start) {
    this.contender = contender;
    this.inspection = new Inspection(contender.name);
    const { program, args } = commandOf(contender, start);
    this.#child = new Deno.Command(program, {
      args,
      env: { ...start.env, ...threadVariables(contender) },
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

function commandOf(contender: Contender, { problem, pytorch }: Start): { program: string; args: string[] } {
  const path = (relative: string): string => decodeURIComponent(new URL(relative, import.meta.url).pathname);
  const { config, program, args } = contender;
  if (!isPython(contender)) {
    const run = ["run", "-A", "--no-check", "--config", path(config), path(program)];
    return { program: Deno.execPath(), args: [...run, JSON.stringify(problem), ...args] };
  }
  if (!pytorch) throw new Error(`${contender.name} needs a Python that has PyTorch`);
  const given = ["--given", pytorch.given, ...args];
  const steps = { ...problem, steps: GIVEN_STEPS };
  return { program: pytorch.python, args: [path(program), JSON.stringify(steps), ...given] };
}

/**
 * Has Mesa's driver compute on so many threads, or OpenMP. Threads of Intel's OpenMP wait for work at full speed for 200
 * ms, which others' turns would pay for: here for 1 ms, which is enough between two operations.
 */
function threadVariables(contender: Contender): Record<string, string> {
  if (contender.threads === undefined) return {};
  const threads = `${contender.threads}`;
  return isPython(contender) ? { OMP_NUM_THREADS: threads, KMP_BLOCKTIME: "1" } : { LP_NUM_THREADS: threads };
}
