/**
 * Serves samples in a thread of its own.
 *
 * @module
 */
import "../../host/on_native.ts";
import type { DrawingJob, JobResult } from "./drawing/drawing_job.ts";
import { serveAsThread } from "./http/serve_as_thread.ts";
import { type SampleServerOptions, startSampleServer } from "./sample_server.ts";

serveAsThread(
  (
    options: SampleServerOptions,
    draw: (jobs: readonly DrawingJob[]) => Promise<readonly JobResult[]>,
  ) => startSampleServer(options, draw),
);
