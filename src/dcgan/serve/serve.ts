import { PACKAGE } from "../../files/package.ts";
import { sha256 } from "../../files/sha256.ts";
import { host as runtime } from "../../host/host.ts";
import type { Device } from "../../gpu/mod.ts";
import { encodeSafetensors, stateDict } from "../../nn/mod.ts";
import { sidesOf } from "../../pictures/mod.ts";
import { CLASSES } from "../checkpoints/class_names.ts";
import { sealed } from "../checkpoints/seal.ts";
import { generatorOptionsOf } from "../explore/generator_options.ts";
import { type OpenGenerator, openGenerator } from "../explore/open_generator.ts";
import { Drawer } from "./drawing/drawer.ts";
import type { DrawingJob, JobResult } from "./drawing/drawing_job.ts";
import { isLoopback } from "./http/hosts.ts";
import { expectFreePort, startServerThread } from "./http/server_thread.ts";
import type { RunningServer } from "./http/thread_messages.ts";
import { type SampleServerOptions, startSampleServer } from "./sample_server.ts";
import { checkServeOptions, SERVE_DEFAULTS, type ServeOptions } from "./serve_options.ts";
import type { Served } from "./served.ts";
import { studioPage, withGenerator } from "./studio_page.ts";

/** Milliseconds that answers have, once the server ends. */
const ENDING = 10_000;

/** Samples of a trained generator over HTTP. Disposing it answers what is being drawn, and ends it. */
export interface SampleServer extends AsyncDisposable {
  /** Its address, such as `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** Step of the checkpoint that is served; undefined of a file. It stays, also if the run trains on. */
  readonly step: number | undefined;
  /** What the user should know, such as that others can reach it; a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Serves samples of a trained generator over HTTP, for this machine only unless a host says otherwise:
 * `/sample`, `/interpolate`, `/health`, `/generator.safetensors` and a page at `/`. The checkpoint is chosen
 * once: if the run trains on, start the server anew.
 *
 * Pictures are drawn in this thread, those of requests that wait together in one launch; the server has a
 * thread of its own, so that it answers while the GPU is waited for. In a clone, a program that may not read
 * the module itself serves in this thread, and answers later.
 *
 * @param source A run folder, the folder of a checkpoint, or a PyTorch state dict.
 * @returns The server, listening.
 * @throws {Error} if there is no generator.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, or the generator cannot be drawn from.
 * @throws {Deno.errors.AddrInUse} if the port is taken.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, serve, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * await using server = await serve(device, run, { port: 0 });
 * const response = await fetch(`${server.url}sample?seed=7&count=4`);
 * assertEquals(response.headers.get("content-type"), "image/png");
 * await response.body?.cancel();
 * ```
 */
export async function serve(
  device: Device,
  source: string,
  options: ServeOptions = {},
): Promise<SampleServer> {
  checkServeOptions(options);
  const { host, port, batch, queue, patience } = { ...SERVE_DEFAULTS, ...options };
  expectFreePort(host, port);
  const generator = await openGenerator(device, source, generatorOptionsOf(options));
  try {
    const generatorFile = await fileOf(generator);
    const page = await studioPage();
    const server = await start(generator, options, {
      served: await servedOf(generator, generatorFile),
      generatorFile,
      page: page && withGenerator(page, generator.latentDistribution),
      hostname: host,
      port,
      cors: options.cors,
      queue: { batch, most: queue, patience: 1000 * patience },
      ending: ENDING,
    });
    return {
      url: server.url,
      step: generator.origin.step,
      warnings: [...generator.warnings, ...warningsOf(host)],
      [Symbol.asyncDispose]: async () => {
        try {
          await server[Symbol.asyncDispose]();
        } finally {
          generator[Symbol.dispose]();
        }
      },
    };
  } catch (error) {
    generator[Symbol.dispose]();
    throw error;
  }
}

/** Starts the server, in a thread of its own if that may be. */
async function start(
  generator: OpenGenerator,
  { latentDistribution }: ServeOptions,
  options: SampleServerOptions,
): Promise<RunningServer> {
  const drawer = new Drawer(generator, latentDistribution === undefined ? {} : { latentDistribution });
  const draw = (jobs: readonly DrawingJob[]) => drawer.draw(jobs);
  const module = new URL("./serve_worker.ts", import.meta.url);
  if (!runtime().canStartWorker(module)) return await startSampleServer(options, draw);
  return await startServerThread<SampleServerOptions, never, readonly DrawingJob[], readonly JobResult[]>({
    module,
    options,
    answer: draw,
  });
}

/** The generator as a file that this module and PyTorch can load. */
async function fileOf({ network, classes, size, origin: { step } }: OpenGenerator): Promise<Uint8Array> {
  const tensors = await stateDict(network);
  const metadata = {
    size: `${size}`,
    ...step === undefined ? {} : { step: `${step}` },
    ...classes ? { [CLASSES]: JSON.stringify(classes) } : {},
  };
  return encodeSafetensors(tensors, sealed(tensors, metadata));
}

async function servedOf(generator: OpenGenerator, file: Uint8Array): Promise<Served> {
  const { origin: { name, step, weights }, channels, latent, latentDistribution, classes } = generator;
  return {
    software: `${PACKAGE.name} ${PACKAGE.version}`,
    run: name,
    step,
    weights,
    generator: await sha256([file]),
    adapter: generator.network.values.device.adapter.name,
    sides: sidesOf(generator.size),
    channels,
    latent,
    latentDistribution,
    classes,
  };
}

function warningsOf(host: string): string[] {
  if (isLoopback(host)) return [];
  return [
    `Everybody who can reach this machine at ${host} can use this server, without a password: it listens beyond ` +
    "this machine. Leave host out to serve this machine only",
  ];
}
