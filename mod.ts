/**
 * DCGAN (Radford, Metz and Chintala 2015) on Deno's built-in WebGPU: training, sampling, and the parts that they are
 * made of. Tensors are in `@x/dcgan/gpu`, layers and optimizers in `@x/dcgan/nn`, datasets in `@x/dcgan/datasets`.
 *
 * @example Train on the built-in faces, then draw from the generator
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, sample, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * let steps = 0;
 * for await (const event of train(device, { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 5, out })) {
 *   if (event.type === "metrics") steps = event.step;
 * }
 * assertEquals(steps, 5);
 * const { paths } = await sample(device, out, { count: 16, seed: 7, out: `${out}/faces.png` });
 * assertEquals(paths, [`${out}/faces.png`]);
 * ```
 *
 * @module
 */
import "./src/host/on_native.ts";

export * from "./src/exports/dcgan.ts";
export * from "./src/exports/explore.ts";

// What needs servers, processes or a notebook
export { serveReport, type ServeReportOptions } from "./src/dcgan/report/watch/serve_report.ts";
export { type ReportServer } from "./src/dcgan/report/watch/page_server.ts";
export { type SampleServer, serve } from "./src/dcgan/serve/serve.ts";
export { serveStudio, type ServeStudioOptions, type StudioServer } from "./src/dcgan/serve/serve_studio.ts";
export { type ServeOptions } from "./src/dcgan/serve/serve_options.ts";
export { showTraining, type ShowTrainingOptions } from "./src/dcgan/notebook/show_training.ts";
export { LiveDisplay } from "./src/dcgan/notebook/live_display.ts";
export { type Jupyter } from "./src/dcgan/notebook/jupyter.ts";
export { filmWalk, type FilmWalkOptions } from "./src/dcgan/explore/films/film_walk.ts";
export { filmTraining, type FilmTrainingOptions } from "./src/dcgan/explore/films/film_training.ts";
export { filmCheckpoints, type FilmCheckpointsOptions } from "./src/dcgan/explore/films/film_checkpoints.ts";
export { type FilmFileOptions, type FilmResult } from "./src/dcgan/explore/films/film_options.ts";

// Exports
export { type ExportResult, exportRun } from "./src/dcgan/export/export_run.ts";
export { type ExportFormat, type ExportOptions } from "./src/dcgan/export/export_options.ts";
export { type PushOptions, type PushResult, pushToHub } from "./src/dcgan/export/hub/push_to_hub.ts";
export { HubError } from "./src/dcgan/export/hub/hub_client.ts";

// Several ranks
export { openRanks, type OpenRanksOptions, type Ranks } from "./src/mpi/ranks.ts";
export { startedByMpi } from "./src/mpi/launcher.ts";
export { MpiError } from "./src/mpi/library.ts";
export { type InstalledMpi, installedMpi, type MpiLauncher } from "./src/mpi/installed.ts";
export { type Family as MpiFamily } from "./src/mpi/launcher.ts";
