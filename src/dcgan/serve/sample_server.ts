import { type Answer, answer, type Asked, refusal } from "./http/answer.ts";
import { startHttpServer } from "./http/http_server.ts";
import type { HttpLimits } from "./http/http_limits.ts";
import type { RunningServer } from "./http/thread_messages.ts";
import type { DrawingJob, JobResult } from "./drawing/drawing_job.ts";
import { DrawQueue, type DrawQueueOptions, NotDrawnError } from "./draw_queue.ts";
import { isNamed, tagOf } from "./entity_tag.ts";
import { formPage } from "./form_page.ts";
import { HeldAnswers } from "./held_answers.ts";
import { interpolateQuery } from "./queries/interpolate_query.ts";
import { MEDIA_TYPES, NotAcceptableError } from "./queries/formats.ts";
import { QueryError } from "./queries/read_query.ts";
import { gridOf, sampleQuery } from "./queries/sample_query.ts";
import type { Served } from "./served.ts";
import { studioAnswer } from "./studio_page.ts";

/** What a server of samples is started with. All of it can be sent to another thread. */
export interface SampleServerOptions {
  /** What is served. */
  readonly served: Served;
  /** The generator, as a safetensors file. */
  readonly generatorFile: Uint8Array;
  /** The page at `/`, with its own content security policy; a form without scripts if there is none. */
  readonly page: string | undefined;
  /** Where to listen. */
  readonly hostname: string;
  readonly port: number;
  /** Origin whose pages may ask, or `*`. */
  readonly cors: string | undefined;
  /** How requests wait. */
  readonly queue: DrawQueueOptions;
  /** What it takes from clients at most, where that is not as usual. */
  readonly limits?: Partial<HttpLimits>;
  /** Milliseconds that answers have, once the server ends. */
  readonly ending: number;
}

/** An answer may be kept, and is asked for anew each time: another checkpoint may be served here by then. */
const KEPT = { "cache-control": "no-cache" };

/**
 * Serves pictures of a generator in this thread.
 *
 * @param draw Draws some jobs together, and gives the result of each.
 */
export async function startSampleServer(
  options: SampleServerOptions,
  draw: (jobs: readonly DrawingJob[]) => Promise<readonly JobResult[]>,
): Promise<RunningServer> {
  const queue = new DrawQueue(draw, options.queue);
  const routes = routesOf(options, queue);
  const { hostname, port, cors, limits, ending } = options;
  const server = await startHttpServer(
    { hostname, port, cors, limits, failed: failureOf },
    (asked) => {
      const route = Object.hasOwn(routes, asked.path) ? routes[asked.path] : undefined;
      if (route) return route(asked);
      return refusal(404, `There is nothing here: this server has ${Object.keys(routes).join(", ")}`);
    },
  );
  return {
    url: server.url,
    [Symbol.asyncDispose]: async () => {
      const late = new Promise<void>((resolve) => Deno.unrefTimer(setTimeout(resolve, ending)));
      // Connections end as the last pictures are drawn, which nobody may wait for anymore
      await Promise.all([server.end(ending), Promise.race([queue.end(), late])]);
    },
  };
}

/** What is at each path. Nothing else is served, so no path of a request reaches the disk. */
function routesOf(
  { served, generatorFile, page, queue: { most, patience } }: SampleServerOptions,
  queue: DrawQueue,
): Readonly<Record<string, (asked: Asked) => Answer | Promise<Answer>>> {
  const generatorTag = `"${served.generator}"`;
  const held = new HeldAnswers();
  return {
    "/": (asked) => page === undefined ? formPage(asked.query, served) : studioAnswer(page, asked),
    "/sample": (asked) => {
      const job = sampleQuery(asked.query, asked.header("accept"), served);
      const name = job.seeds ? "samples" : `samples-${job.seed}`;
      const headers = job.format === "npy" ? {} : { "dcgan-columns": `${gridOf(job, served).columns}` };
      return drawn(job, name, headers, asked, served, { queue, held });
    },
    "/interpolate": (asked) => {
      const job = interpolateQuery(asked.query, asked.header("accept"), served);
      return drawn(job, "interpolation", { "dcgan-columns": `${job.columns}` }, asked, served, {
        queue,
        held,
      });
    },
    "/health": () => {
      const { run, step, weights, sides: { width, height }, channels, latent, classes } = served;
      const { latentDistribution, adapter } = served;
      const health = {
        // What takes longer answers nobody
        ready: queue.drawingFor < patience,
        run,
        step: step ?? null,
        weights,
        generator: served.generator,
        width,
        height,
        channels,
        latent,
        latentDistribution,
        classes: classes ?? null,
        adapter,
        queue: { waiting: queue.waiting, drawing: queue.drawingFor > 0, most },
      };
      return answer(health.ready ? 200 : 503, `${JSON.stringify(health, null, 2)}\n`, "application/json");
    },
    "/generator.safetensors": (asked) => {
      const headers = { ...KEPT, etag: generatorTag };
      if (isNamed(generatorTag, asked.header("if-none-match"))) return { status: 304, headers };
      return answer(200, generatorFile, "application/octet-stream", {
        ...headers,
        "content-disposition": `attachment; filename="generator.safetensors"`,
      });
    },
  };
}

/** The answer to a request for pictures. They are drawn only if the client does not have them yet. */
async function drawn(
  job: DrawingJob,
  name: string,
  more: Readonly<Record<string, string>>,
  asked: Asked,
  served: Served,
  { queue, held }: { queue: DrawQueue; held: HeldAnswers },
): Promise<Answer> {
  const { sides: { width, height }, step } = served;
  const etag = tagOf(job, served);
  const headers = {
    ...KEPT,
    vary: "Accept",
    etag,
    "content-disposition": `inline; filename="${name}.${job.format}"`,
    "dcgan-pictures": `${job.count}`,
    "dcgan-size": `${width}x${height}`,
    ...step === undefined ? {} : { "dcgan-step": `${step}` },
    ...more,
  };
  if (isNamed(etag, asked.header("if-none-match"))) return { status: 304, headers };
  const type = MEDIA_TYPES[job.format];
  if (asked.isHead) return { status: 200, headers: { ...headers, "content-type": type } };
  held.hold(job.largest, asked.signal);
  const result = await queue.add(job, asked.signal);
  return "file" in result ? answer(200, result.file, type, headers) : refusal(500, result.problem);
}

function failureOf(error: unknown): Answer {
  if (error instanceof NotAcceptableError) return refusal(406, error.message);
  if (error instanceof QueryError) return refusal(400, error.message);
  if (error instanceof NotDrawnError) return refusal(503, error.message, { "retry-after": "1" });
  return refusal(500, `Cannot answer this request: ${(error as Error).message}`);
}
