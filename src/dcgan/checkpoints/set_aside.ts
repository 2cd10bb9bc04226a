import { host } from "../../host/host.ts";
import { checkpointsIn, namesIn } from "./checkpoint_files.ts";

/**
 * Moves the checkpoints after a step out of the way of a resumed run from there: to `set-aside-1` in its
 * folder, or the next number that is free. Latest first, so that whatever ends it leaves a run that can
 * resume.
 *
 * @returns What was done, for the user; undefined if there are none.
 */
export async function setAside(run: string, step: number): Promise<string | undefined> {
  const later = (await checkpointsIn(`${run}/checkpoints`)).filter((one) => one.step > step);
  if (later.length === 0) return undefined;
  const names = await namesIn(run);
  let number = 1;
  while (names.includes(`set-aside-${number}`)) number++;
  const place = `${run}/set-aside-${number}`;
  await host().mkdir(place);
  for (const { path } of later) await host().rename(path, `${place}/${path.split("/").at(-1)}`);
  const what = later.length === 1 ? "The checkpoint" : `The ${later.length} checkpoints`;
  return `${what} after step ${step} ${
    later.length === 1 ? "is" : "are"
  } now in ${place}. Delete that folder if you do not need it`;
}
