import { createHash } from "node:crypto";

/** How a {@linkcode HubServer} behaves. */
export interface HubServerOptions {
  /** Names of files that go to the store for large ones. */
  readonly large?: RegExp;
  /** Bytes of a part, if large files are to come in parts. */
  readonly chunk?: number;
  /** Whether the repository is there already, and who may see it. */
  readonly existing?: "public" | "private";
  /** Whether the store has all large files. */
  readonly hasAll?: boolean;
  /** Answers a request in the server's place. */
  readonly answer?: (method: string, path: string) => Response | undefined;
}

/** What is known of the token in every request: only the hub itself gets it. */
export const TOKEN = "hf_only-for-the-hub";

/** As much of Hugging Face as an upload meets, on this machine. It keeps what it gets. */
export class HubServer implements AsyncDisposable {
  /** Requests, such as `POST /api/repos/create`. */
  readonly log: string[] = [];
  /** Files of the repository. */
  readonly files = new Map<string, Uint8Array>();
  /** What was asked for as the repository was made. */
  created: unknown;
  /** Name of the change. */
  summary: string | undefined;
  readonly #options: HubServerOptions;
  readonly #store = new Map<string, Uint8Array>();
  readonly #parts = new Map<string, Uint8Array[]>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(options: HubServerOptions = {}) {
    this.#options = options;
    const serve = async (request: Request) => {
      const { pathname } = new URL(request.url);
      this.log.push(`${request.method} ${pathname}`);
      const given = options.answer?.(request.method, pathname);
      // A request must be read to its end
      if (given) await request.arrayBuffer();
      return given ?? await this.#answer(request, pathname);
    };
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, serve);
  }

  /** Its address. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request, path: string): Promise<Response> {
    const isStore = path.startsWith("/store/");
    const authorization = request.headers.get("Authorization");
    if (isStore ? authorization !== null : authorization !== `Bearer ${TOKEN}`) {
      await request.arrayBuffer();
      return Response.json({ error: `Invalid credentials: ${authorization}` }, { status: 401 });
    }
    if (isStore) return await this.#keep(request, path);
    if (path === "/api/repos/create") {
      this.created = await request.json();
      return Response.json({ url: "x" }, { status: this.#options.existing ? 409 : 200 });
    }
    if (path === "/api/models/me/faces") {
      return Response.json({ private: this.#options.existing === "private" });
    }
    if (path === "/api/models/me/faces/preupload/main") {
      const { files } = await request.json() as { files: { path: string; size: number; sample: string }[] };
      const isLarge = (name: string) => this.#options.large?.test(name) ?? false;
      return Response.json({
        files: files.map(({ path }) => ({ path, uploadMode: isLarge(path) ? "lfs" : "regular" })),
      });
    }
    if (path === "/me/faces.git/info/lfs/objects/batch") return await this.#batch(request);
    if (path === "/api/models/me/faces/commit/main") return await this.#commit(request);
    await request.arrayBuffer();
    return Response.json({ error: "Not found" }, { status: 404 });
  }

  async #batch(request: Request): Promise<Response> {
    const { objects } = await request.json() as { objects: { oid: string; size: number }[] };
    const { chunk, hasAll } = this.#options;
    return Response.json({
      objects: objects.map(({ oid, size }) => {
        if (hasAll) return { oid, size };
        const verify = { href: `${this.url}/store/verify`, header: { "x-verify": "yes" } };
        if (chunk === undefined) {
          return {
            oid,
            size,
            actions: { upload: { href: `${this.url}/store/whole/${oid}?secret` }, verify },
          };
        }
        const parts = Array.from({ length: Math.ceil(size / chunk) }, (_, at) => at + 1);
        const urls = parts.map((at) => [`${at}`.padStart(5, "0"), `${this.url}/store/part/${oid}/${at}`]);
        const header = { chunk_size: `${chunk}`, ...Object.fromEntries(urls) };
        return { oid, size, actions: { upload: { href: `${this.url}/store/join/${oid}`, header } } };
      }),
    });
  }

  /** Takes a large file, or a part of one. */
  async #keep(request: Request, path: string): Promise<Response> {
    const [, , kind, oid = "", part] = path.split("/");
    if (kind === "whole") this.#store.set(oid, await request.bytes());
    else if (kind === "part") {
      const parts = this.#parts.get(oid) ?? [];
      parts[Number(part) - 1] = await request.bytes();
      this.#parts.set(oid, parts);
      return new Response(null, { headers: { ETag: `"${part}"` } });
    } else if (kind === "join") {
      const { parts } = await request.json() as { parts: { partNumber: number; etag: string }[] };
      const isWhole = parts.every(({ partNumber, etag }, at) =>
        partNumber === at + 1 && etag === `"${at + 1}"`
      );
      if (!isWhole) return new Response("parts are missing", { status: 400 });
      this.#store.set(oid, new Uint8Array(await new Blob(this.#parts.get(oid) as BlobPart[]).arrayBuffer()));
    } else {
      const { oid, size } = await request.json() as { oid: string; size: number };
      const isThere = this.#store.get(oid)?.length === size && request.headers.get("x-verify") === "yes";
      return new Response(null, { status: isThere ? 200 : 400 });
    }
    return new Response();
  }

  async #commit(request: Request): Promise<Response> {
    if (request.headers.get("Content-Type") !== "application/x-ndjson") {
      return new Response(null, { status: 400 });
    }
    for (const line of (await request.text()).trimEnd().split("\n")) {
      const { key, value } = JSON.parse(line);
      if (key === "header") this.summary = value.summary;
      if (key === "file") this.files.set(value.path, Uint8Array.fromBase64(value.content));
      if (key !== "lfsFile") continue;
      const bytes = this.#options.hasAll ? new Uint8Array() : this.#store.get(value.oid)!;
      if (!this.#options.hasAll && createHash("sha256").update(bytes).digest("hex") !== value.oid) {
        return new Response("damaged", { status: 400 });
      }
      this.files.set(value.path, bytes);
    }
    return Response.json({ success: true, commitUrl: `${this.url}/me/faces/commit/1` });
  }
}
