/**
 * Runs code in Deno's kernel for Jupyter, as a notebook does, without Jupyter: the messages are those of
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html.
 *
 * @module
 */
import { ZmtpSocket } from "./zmtp.ts";

/** A message of a kernel, as far as it is looked at. */
interface Message {
  readonly type: string;
  /** Id of the message that it answers. */
  readonly answers: string | undefined;
  // deno-lint-ignore no-explicit-any
  readonly content: any;
}

/** Data by MIME type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What a cell shows, as notebooks keep it (nbformat 4). */
export type Output =
  | { readonly output_type: "stream"; readonly name: "stdout" | "stderr"; text: string }
  | { readonly output_type: "display_data"; data: MimeBundle; metadata: MimeBundle }
  | {
    readonly output_type: "execute_result";
    readonly execution_count: number;
    data: MimeBundle;
    metadata: MimeBundle;
  }
  | {
    readonly output_type: "error";
    readonly ename: string;
    readonly evalue: string;
    readonly traceback: readonly string[];
  };

/** What came of a cell. */
export interface Executed {
  /** Number of the cell among those that ran. */
  readonly executionCount: number;
  /** What it shows at its end. */
  readonly outputs: readonly Output[];
  /** How often it replaced what it showed. */
  readonly updates: number;
}

/** What a cell shows so far, and how often it replaced that. */
interface CellOutputs {
  readonly outputs: Output[];
  updates: number;
}

const DELIMITER = "<IDS|MSG>";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Milliseconds by which outputs may be late. */
const LATE = 100;

/** Milliseconds until a kernel must answer. */
const PATIENCE = 60_000;

/** A kernel that runs. */
export class Kernel implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #folder: string;
  readonly #shell: ZmtpSocket;
  readonly #news: ZmtpSocket;
  /** Outputs that cells replace later, by the id that they gave them. */
  readonly #displayed = new Map<string, Output[]>();

  private constructor(process: Deno.ChildProcess, folder: string, shell: ZmtpSocket, news: ZmtpSocket) {
    this.#process = process;
    this.#folder = folder;
    this.#shell = shell;
    this.#news = news;
  }

  /** Starts a kernel in a folder, whose `deno.json` it uses. */
  static async start(cwd: string): Promise<Kernel> {
    const folder = await Deno.makeTempDir();
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = freePorts(5);
    const connection = { shell_port, iopub_port, stdin_port, control_port, hb_port };
    const file = `${folder}/connection.json`;
    const rest = { transport: "tcp", ip: "127.0.0.1", key: "", signature_scheme: "hmac-sha256" };
    await Deno.writeTextFile(file, JSON.stringify({ ...connection, ...rest }));
    const process = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", file],
      cwd,
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    const shell = await connect(shell_port!, "DEALER");
    const news = await connect(iopub_port!, "SUB");
    const kernel = new Kernel(process, folder, shell, news);
    await kernel.#untilSubscribed();
    return kernel;
  }

  /** What a kernel says before it knows of the subscription is lost, so it is asked until it is heard. */
  async #untilSubscribed(): Promise<void> {
    let heard = false;
    const first = this.#receive(this.#news).then(() => heard = true);
    for (const started = Date.now(); !heard && Date.now() - started < PATIENCE;) {
      await this.#ask("kernel_info_request", {});
      await this.#receive(this.#shell);
      await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 100))]);
    }
    if (!heard) throw new Error(`The kernel must answer within ${PATIENCE / 1000} seconds`);
  }

  /** Runs a cell, and gives what it shows. */
  async execute(code: string): Promise<Executed> {
    const request = await this.#ask("execute_request", { code, silent: false, store_history: true });
    const cell: CellOutputs = { outputs: [], updates: 0 };
    await this.#collect(cell, request, request);
    const { content } = await this.#receive(this.#shell, request);
    // What the cell shows is sent by another thread than the word that it is done, and may come after it
    await new Promise((resolve) => setTimeout(resolve, LATE));
    const after = await this.#ask("kernel_info_request", {});
    await this.#collect(cell, request, after);
    await this.#receive(this.#shell, after);
    return { executionCount: content.execution_count, ...cell };
  }

  /** Takes in what a cell shows, until the kernel is done with a request. */
  async #collect(cell: CellOutputs, request: string, until: string): Promise<void> {
    for (;;) {
      const { type, answers, content } = await this.#receive(this.#news);
      if (type === "status" && content.execution_state === "idle" && answers === until) return;
      if (type === "update_display_data") {
        cell.updates++;
        const shown = this.#displayed.get(content.transient?.display_id) ?? [];
        for (const output of shown) Object.assign(output, { data: content.data, metadata: content.metadata });
      } else if (answers === request) this.#take(cell, type, content);
    }
  }

  #take({ outputs }: CellOutputs, type: string, content: Message["content"]): void {
    const output = outputOf(type, content);
    if (!output) return;
    const last = outputs.at(-1);
    const isStream = output.output_type === "stream" && last?.output_type === "stream";
    if (isStream && last.name === output.name) last.text += output.text;
    else outputs.push(output);
    const name = content.transient?.display_id;
    if (name) this.#displayed.set(name, [...this.#displayed.get(name) ?? [], output]);
  }

  async #ask(type: string, content: unknown): Promise<string> {
    const id = crypto.randomUUID();
    const header = {
      msg_id: id,
      msg_type: type,
      session: "notebook",
      username: "notebook",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => encoder.encode(JSON.stringify(part)));
    await this.#shell.send([encoder.encode(DELIMITER), encoder.encode(""), ...parts]);
    return id;
  }

  /** The next message, or the next that answers another one. */
  async #receive(socket: ZmtpSocket, to?: string): Promise<Message> {
    for (;;) {
      const frames = await socket.receive();
      const start = frames.findIndex((frame) => decoder.decode(frame) === DELIMITER);
      const [header, parent, , content] = frames.slice(start + 2, start + 6).map((frame) =>
        JSON.parse(decoder.decode(frame))
      );
      if (to === undefined || parent.msg_id === to) {
        return { type: header.msg_type, answers: parent.msg_id, content };
      }
    }
  }

  /** Ends the kernel. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
    this.#shell[Symbol.dispose]();
    this.#news[Symbol.dispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function outputOf(type: string, content: Message["content"]): Output | undefined {
  const { data, metadata, name, text, execution_count, ename, evalue, traceback } = content;
  if (type === "stream") return { output_type: type, name, text };
  if (type === "display_data") return { output_type: type, data, metadata };
  if (type === "execute_result") return { output_type: type, execution_count, data, metadata };
  if (type === "error") return { output_type: type, ename, evalue, traceback };
  return undefined;
}

/** Ports that nobody listens at now. */
function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return ports;
}

/** Tries until the kernel listens. */
async function connect(port: number, type: "DEALER" | "SUB"): Promise<ZmtpSocket> {
  for (const started = Date.now();;) {
    try {
      return await ZmtpSocket.connect(port, type);
    } catch (error) {
      if (Date.now() - started > PATIENCE) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
