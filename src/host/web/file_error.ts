import type { FileProblem } from "../files.ts";

/** What is wrong with a file that is not the system's own, in a page. */
export class FileError extends Error {
  /** Which problem it is; undefined if none that callers tell apart. */
  readonly problem: FileProblem | undefined;

  /** A problem, with the operation and the path that it happened at. */
  constructor(problem: FileProblem | undefined, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FileError";
    this.problem = problem;
  }
}

/** What each problem is called. */
const WORDS: Readonly<Record<FileProblem, string>> = {
  NotFound: "no such file or folder",
  AlreadyExists: "it is there already",
  NotADirectory: "part of the path is not a folder",
  IsADirectory: "it is a folder",
  PermissionDenied: "the browser does not allow it",
  NotCapable: "it is not allowed",
  NoSpace: "the browser gives this page no more space",
};

/** The error of an operation. */
export function fileError(
  problem: FileProblem,
  operation: string,
  path: string,
  options?: ErrorOptions,
): FileError {
  return new FileError(problem, `${WORDS[problem]}: ${operation} '${path}'`, options);
}
