/** Operands go from memory to registers, and threads of a subgroup share what they have in common. */
export interface RegisterSchedule {
  /**
   * `wide`: a thread computes `rows` rows of `vectors` times four columns, and neighboring threads take neighboring
   * columns. `thin`, for at most four columns: a thread computes `rows` rows with all columns, and neighboring
   * threads take neighboring rows.
   */
  readonly shape: "wide" | "thin";
  /** Rows of one thread; of a wide one a multiple of four. */
  readonly rows: number;
  /** Vectors of four columns of one thread. */
  readonly vectors: number;
  /**
   * Threads side by side. With `share` they are one subgroup, and the operand that they have in common is loaded once,
   * a part by each thread, and passed around.
   */
  readonly lanes: number;
  /** Pass the common operand around with subgroup broadcasts. */
  readonly share: boolean;
  /** Groups of `lanes` threads in one workgroup, below one another. */
  readonly groups: number;
  /**
   * Of a wide one: each sum takes all depths of a round before the next sum does.
   *
   * @default {false}
   */
  readonly singly?: boolean;
}

/** Operands go through workgroup memory, tile by tile. */
export interface TiledSchedule {
  readonly shape: "tiled";
  /** Rows of a workgroup's tile, a multiple of `4 * rowQuads`. */
  readonly rows: number;
  /** Columns of a workgroup's tile, a multiple of `4 * columnQuads`. */
  readonly columns: number;
  /** Depths that are loaded at a time, a multiple of four. */
  readonly depth: number;
  /** Rows of one thread, in fours. */
  readonly rowQuads: number;
  /** Columns of one thread, in fours. */
  readonly columnQuads: number;
  /**
   * One tile of each operand in place of two that take turns: half the memory, but threads wait for each other twice a
   * round.
   *
   * @default {false}
   */
  readonly singleBuffer?: boolean;
}

/** How the threads of a kernel divide a sum of products. */
export type Schedule = RegisterSchedule | TiledSchedule;

/** Rows and columns of the output that one workgroup computes. */
export function tileOf(schedule: Schedule): { rows: number; columns: number } {
  if (schedule.shape === "tiled") return { rows: schedule.rows, columns: schedule.columns };
  const { rows, vectors, lanes, groups } = schedule;
  return schedule.shape === "wide"
    ? { rows: rows * groups, columns: lanes * vectors * 4 }
    : { rows: rows * lanes * groups, columns: 4 };
}
