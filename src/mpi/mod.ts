/**
 * Ranks of MPI, through Deno's foreign function interface: what a launcher such as `mpirun` starts together.
 *
 * @module
 */
export { startedByMpi } from "./launcher.ts";
export { LIBRARY_VARIABLE, MpiError, tryLibrary } from "./library.ts";
export { type InstalledMpi, installedMpi, type MpiLauncher } from "./installed.ts";
export { openRanks, type OpenRanksOptions, type Ranks } from "./ranks.ts";
