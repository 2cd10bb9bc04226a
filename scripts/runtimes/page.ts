import { Mailbox } from "./mailbox.ts";
import { browserArguments, type BrowserName, findBrowser } from "./browsers.ts";

/** What a page is given. */
export interface PageOptions {
  /** The bundle that it runs: a module with a function `main` that takes {@linkcode PagePort}. */
  readonly bundle: string;
  /** A folder that it may read: `/files/NAME`. */
  readonly files?: string;
  /**
   * A program that starts the browser, and its arguments.
   *
   * @default {none: the browser is started itself}
   */
  readonly by?: readonly string[];
  /** Environment of the browser. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a page speaks with the process that opened it. */
export interface PagePort {
  /** The next text that it is sent; undefined once there is none any more. */
  ask(): Promise<string | undefined>;
  /** Says something. */
  say(text: string): Promise<void>;
}

const PAGE = `<!DOCTYPE html>
<meta charset="utf-8">
<title>x-dcgan</title>
<script type="module">
  const say = async (body) => void await fetch("/say", { method: "POST", body });
  const ask = async () => {
    const response = await fetch("/ask");
    return response.status === 200 ? await response.text() : undefined;
  };
  try {
    const { main } = await import("/bundle.js");
    await main({ ask, say });
  } catch (error) {
    await say(JSON.stringify({ type: "error", message: String(error) }));
  }
</script>`;

/** A page in a browser without a window. It needs no driver of browsers: the page itself asks and says. */
export class BrowserPage implements AsyncDisposable {
  #stop = new AbortController();
  #server: Deno.HttpServer<Deno.NetAddr>;
  #child: Deno.ChildProcess | undefined;
  #profile = "";
  #said = new Mailbox();
  #sent = new Mailbox();

  private constructor({ bundle, files }: PageOptions) {
    const { signal } = this.#stop;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, signal, onListen() {} },
      (request) => this.#answer(request, bundle, files),
    );
  }

  /**
   * Opens a page of its own browser.
   *
   * @throws {Error} if this machine has no such browser.
   */
  static async open(name: BrowserName, options: PageOptions): Promise<BrowserPage> {
    const path = findBrowser(name);
    if (path === undefined) throw new Error(`Cannot open a page: this machine has no ${name}`);
    const page = new BrowserPage(options);
    await page.#start(name, [...options.by ?? [], path], options.env ?? {});
    return page;
  }

  /** Sends a text, for which the page asks when it likes. */
  send(text: string): void {
    this.#sent.put(text);
  }

  /** Tells the page that it is sent nothing more. */
  end(): void {
    this.#sent.close();
  }

  /**
   * What the page says next; undefined if the browser ended.
   *
   * @throws {Error} if it says nothing for so many seconds.
   */
  hear(seconds: number): Promise<string | undefined> {
    return this.#said.take(seconds);
  }

  /** Ends the browser, and removes its profile. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    try {
      // Asked to end, Chromium sometimes stays; its profile is of no use to anybody
      this.#child?.kill("SIGKILL");
    } catch {
      // It has ended by itself
    }
    await this.#child?.status;
    // Not shutdown(), which waits for connections that nobody closes any more
    this.#stop.abort();
    await this.#server.finished;
    // Children of the browser may still write to it
    await Deno.remove(this.#profile, { recursive: true }).catch(() => {});
  }

  async #start(
    name: BrowserName,
    [program = "", ...before]: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    this.#profile = await Deno.makeTempDir({ prefix: "x-dcgan-browser-" });
    const url = `http://127.0.0.1:${this.#server.addr.port}/`;
    this.#child = new Deno.Command(program, {
      args: [...before, ...await browserArguments(name, this.#profile, url)],
      // Mesa writes two lines where this is missing
      env: { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") || "/tmp", ...env },
      stdout: "null",
      stderr: "null",
    }).spawn();
    // Whoever waits for what the page says hears that the browser ended
    void this.#child.status.then(() => this.#said.close());
  }

  async #answer(request: Request, bundle: string, files: string | undefined): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/") return reply(PAGE, "text/html");
    if (pathname === "/bundle.js") return reply(bundle, "text/javascript");
    if (pathname === "/say") {
      this.#said.put(await request.text());
      return new Response();
    }
    if (pathname === "/ask") {
      const text = await this.#sent.take();
      return text === undefined ? new Response(undefined, { status: 204 }) : reply(text, "text/plain");
    }
    const file = pathname.match(/^\/files\/([\w.-]+)$/)?.[1];
    const bytes = files === undefined || file === undefined
      ? undefined
      : await Deno.readFile(`${files}/${file}`).catch(() => undefined);
    if (bytes === undefined) return new Response(undefined, { status: 404 });
    return reply(bytes, file!.endsWith(".js") ? "text/javascript" : "application/octet-stream");
  }
}

function reply(body: string | Uint8Array<ArrayBuffer>, type: string): Response {
  return new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } });
}
