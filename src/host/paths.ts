/**
 * Functions of paths, as in `node:path`: those of the system that this runs on.
 *
 * @module
 */
import { host, type HostPaths } from "./host.ts";

/** The last part of a path. */
export const basename: HostPaths["basename"] = (path, suffix) => host().path.basename(path, suffix);

/** A path without its last part. */
export const dirname: HostPaths["dirname"] = (path) => host().path.dirname(path);

/** The extension of a path, with its dot. */
export const extname: HostPaths["extname"] = (path) => host().path.extname(path);

/** Whether a path does not depend on the current folder. */
export const isAbsolute: HostPaths["isAbsolute"] = (path) => host().path.isAbsolute(path);

/** Parts of a path, one after the other. */
export const join: HostPaths["join"] = (...parts) => host().path.join(...parts);

/** The way from one path to another. */
export const relative: HostPaths["relative"] = (from, to) => host().path.relative(from, to);

/** A path from the root on. */
export const resolve: HostPaths["resolve"] = (...parts) => host().path.resolve(...parts);
