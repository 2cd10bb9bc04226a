/** The parts of the library that need the GPU, loaded only once a command is known to be sound. */
type Library =
  & typeof import("../gpu/device/open_device.ts")
  & typeof import("../dcgan/train.ts")
  & typeof import("../dcgan/run/dry_run.ts")
  & typeof import("../dcgan/sample.ts")
  & typeof import("../dcgan/explore/interpolate.ts")
  & typeof import("../dcgan/explore/films/film_walk.ts")
  & typeof import("../dcgan/explore/films/film_checkpoints.ts")
  & typeof import("../dcgan/evaluate.ts");

/** What commands use of them. */
type LibraryNames =
  | "openDevice"
  | "train"
  | "dryRun"
  | "sample"
  | "interpolate"
  | "filmWalk"
  | "filmCheckpoints"
  | "evaluate";

/** Loads the library's GPU side. */
export async function loadLibrary(): Promise<Pick<Library, LibraryNames>> {
  const [
    { openDevice },
    { train },
    { dryRun },
    { sample },
    { interpolate },
    { filmWalk },
    { filmCheckpoints },
    { evaluate },
  ] = await Promise.all([
    import("../gpu/device/open_device.ts"),
    import("../dcgan/train.ts"),
    import("../dcgan/run/dry_run.ts"),
    import("../dcgan/sample.ts"),
    import("../dcgan/explore/interpolate.ts"),
    import("../dcgan/explore/films/film_walk.ts"),
    import("../dcgan/explore/films/film_checkpoints.ts"),
    import("../dcgan/evaluate.ts"),
  ]);
  return { openDevice, train, dryRun, sample, interpolate, filmWalk, filmCheckpoints, evaluate };
}

/** Loads the films that need no GPU. */
export async function loadFilmTraining(): Promise<
  Pick<typeof import("../dcgan/explore/films/film_training.ts"), "filmTraining">
> {
  return await import("../dcgan/explore/films/film_training.ts");
}

/** Loads what serves samples. */
export async function loadServe(): Promise<
  & Pick<typeof import("../gpu/device/open_device.ts"), "openDevice">
  & Pick<typeof import("../dcgan/serve/serve.ts"), "serve">
> {
  const [{ openDevice }, { serve }] = await Promise.all([
    import("../gpu/device/open_device.ts"),
    import("../dcgan/serve/serve.ts"),
  ]);
  return { openDevice, serve };
}

/** Loads the examination of this machine. */
export async function loadDoctor(): Promise<
  & Pick<typeof import("../gpu/doctor.ts"), "examine">
  & Pick<typeof import("../mpi/installed.ts"), "installedMpi">
> {
  const [{ examine }, { installedMpi }] = await Promise.all([
    import("../gpu/doctor.ts"),
    import("../mpi/installed.ts"),
  ]);
  return { examine, installedMpi };
}
