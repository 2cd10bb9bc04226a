/**
 * Locks for Node, which cannot ask the system for one of a file. A socket of a name stands for it, that only
 * one process may listen on, and that the system takes back if the process is killed.
 *
 * @module
 */
import type { NodeModules } from "./node_file.ts";
import { nativeCodecs } from "./native_codecs.ts";

/** Takes the lock of a file. Returns what releases it; undefined if another has it. */
export async function takeLock(modules: NodeModules, path: string): Promise<(() => void) | undefined> {
  const place = placeOf(modules, path);
  const release = await listen(modules, place);
  if (release || !isFile(place) || await isHeld(modules, place)) return release;
  // A process that was killed leaves the name of its socket, where that is a file
  modules.fs.rmSync(place, { force: true });
  return await listen(modules, place);
}

/** Whether a process has the lock of a file. */
export async function isLocked(modules: NodeModules, path: string): Promise<boolean> {
  return await isHeld(modules, placeOf(modules, path));
}

/** The name of a socket: one that is no file on Linux and Windows. */
function placeOf({ fs, os }: NodeModules, path: string): string {
  const name = `x-dcgan-${nativeCodecs.sha256().update(fs.realpathSync(path)).digest("hex").slice(0, 32)}`;
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : `${os.tmpdir()}/${name}`;
}

function isFile(place: string): boolean {
  return place.startsWith("/");
}

function listen({ net }: NodeModules, place: string): Promise<(() => void) | undefined> {
  const server = net.createServer((socket) => socket.destroy());
  const { promise, resolve, reject } = Promise.withResolvers<(() => void) | undefined>();
  server.on("error", (error: Error & { code?: string }) => {
    if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
    else reject(error);
  });
  server.listen(place, () => resolve(() => server.close()));
  // The lock is no reason for the process to go on
  server.unref();
  return promise;
}

function isHeld({ net }: NodeModules, place: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = net.connect(place);
  socket.on("connect", () => resolve(true));
  socket.on("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}
