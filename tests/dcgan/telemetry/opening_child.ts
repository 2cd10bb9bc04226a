/** Opens the telemetry of a run, if there is any. */
import "../../../src/host/on_native.ts";
import { openTelemetry } from "../../../src/dcgan/telemetry/telemetry.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";

using _telemetry = await openTelemetry({ data: "a", size: 8, batch: 1, steps: 1, out: "a" } as TrainConfig);
