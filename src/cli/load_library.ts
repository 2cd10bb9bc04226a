/** The parts of the library that need the GPU, loaded only once a command is known to be sound. */
type Library =
  & typeof import("../gpu/device/open_device.ts")
  & typeof import("../dcgan/train.ts")
  & typeof import("../dcgan/run/dry_run.ts")
  & typeof import("../dcgan/sample.ts")
  & typeof import("../dcgan/evaluate.ts");

/** Loads the library's GPU side. */
export async function loadLibrary(): Promise<
  Pick<Library, "openDevice" | "train" | "dryRun" | "sample" | "evaluate">
> {
  const [{ openDevice }, { train }, { dryRun }, { sample }, { evaluate }] = await Promise.all([
    import("../gpu/device/open_device.ts"),
    import("../dcgan/train.ts"),
    import("../dcgan/run/dry_run.ts"),
    import("../dcgan/sample.ts"),
    import("../dcgan/evaluate.ts"),
  ]);
  return { openDevice, train, dryRun, sample, evaluate };
}

/** Loads the examination of this machine. */
export async function loadDoctor(): Promise<Pick<typeof import("../gpu/doctor.ts"), "examine">> {
  return await import("../gpu/doctor.ts");
}
