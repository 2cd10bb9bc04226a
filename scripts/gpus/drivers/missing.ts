/** Something that this machine does not have, and that could not be installed. */
export class MissingError extends Error {
  override name = "MissingError";
}

/** Runs something that fails only if the machine lacks what it needs, or cannot reach where that comes from. */
export async function orMissing<T>(what: string, get: () => Promise<T>): Promise<T> {
  try {
    return await get();
  } catch (error) {
    throw new MissingError(`${what}: ${(error as Error).message.replaceAll(/\s+/g, " ")}`, { cause: error });
  }
}
