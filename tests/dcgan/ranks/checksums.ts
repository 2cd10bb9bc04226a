/** The SHA-256 of all files of a run's checkpoint, by their names. */
export async function checksums(run: string, step: number): Promise<string[]> {
  const folder = `${run}/checkpoints/step-${`${step}`.padStart(6, "0")}`;
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();
  return await Promise.all(names.map(async (name) => {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(`${folder}/${name}`));
    return `${name} ${new Uint8Array(digest).toHex()}`;
  }));
}
