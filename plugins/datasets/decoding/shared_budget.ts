import { MOST_MEMORY } from "../../../src/pictures/mod.ts";

/** Mebibytes that all threads may take together for pictures that need much: what one picture may take. */
const BUDGET = MOST_MEMORY / 2 ** 20;

/**
 * Bytes from which on a picture needs much: a photo of 6 megapixels. Others are not counted, as counting
 * takes time.
 */
const MUCH = 48 * 2 ** 20;

/**
 * Numbers that all threads see: mebibytes that are free, and the thread whose turn it is to take some, from 1
 * on.
 */
const FREE = 0;
const TURN = 1;
const FIRST = 2;

/**
 * Numbers of each thread: mebibytes that it has taken, pictures that it has begun, and whether it waits for
 * its turn.
 */
const TAKEN = 0;
const BEGUN = 1;
const WAITS = 2;
/**
 * How many threads had this number before: one that was ended may still run for a moment, and must not take
 * anything.
 */
const BEFORE = 3;
const EACH = 4;

/** What a thread is at. */
export interface ThreadState {
  /** Pictures that it has begun so far. */
  readonly begun: number;
  /** Whether it waits for others to give back memory. */
  readonly waits: boolean;
}

/**
 * Memory that decoding threads share, and what each is at, in numbers that all of them see. A picture that
 * needs much waits until others have given back enough; the one that waits is next, so small ones cannot
 * delay a large one forever. Pictures that need little are never held up.
 */
export class SharedBudget {
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #thread: number;
  readonly #before: number;

  /**
   * @param shared What {@linkcode SharedBudget.share} made.
   * @param thread Number of the thread that uses it, from 0 on.
   */
  constructor(shared: SharedArrayBuffer, thread: number) {
    this.#numbers = new Int32Array(shared);
    this.#thread = thread;
    this.#before = Atomics.load(this.#numbers, this.#place(BEFORE));
  }

  /** Memory for the numbers of some threads. */
  static share(threads: number): SharedArrayBuffer {
    const shared = new SharedArrayBuffer(4 * (FIRST + EACH * threads));
    new Int32Array(shared)[FREE] = BUDGET;
    return shared;
  }

  /** What the thread is at. */
  get state(): ThreadState {
    return {
      begun: Atomics.load(this.#numbers, this.#place(BEGUN)),
      waits: Atomics.load(this.#numbers, this.#place(WAITS)) === 1,
    };
  }

  /** Says that the next picture begins. */
  begin(): void {
    Atomics.add(this.#numbers, this.#place(BEGUN), 1);
  }

  /**
   * Takes memory for a picture, and waits for it if it needs much; does nothing if it has taken some already.
   *
   * @param bytes How much; never more than there is, so that every picture gets its turn.
   */
  take(bytes: number): void {
    const numbers = this.#numbers;
    if (bytes < MUCH || Atomics.load(numbers, this.#place(TAKEN)) > 0) return;
    const wanted = Math.min(BUDGET, Math.ceil(bytes / 2 ** 20));
    Atomics.store(numbers, this.#place(WAITS), 1);
    for (;;) {
      if (this.#isOver) return;
      const holder = Atomics.compareExchange(numbers, TURN, 0, this.#mine);
      if (holder === 0) break;
      Atomics.wait(numbers, TURN, holder);
    }
    for (;;) {
      if (this.#isOver) return;
      const free = Atomics.load(numbers, FREE);
      if (free >= wanted) break;
      Atomics.wait(numbers, FREE, free);
    }
    // Only the one whose turn it is takes some, so free memory can only have grown
    Atomics.store(numbers, this.#place(TAKEN), wanted);
    Atomics.sub(numbers, FREE, wanted);
    this.#endTurn();
    Atomics.store(numbers, this.#place(WAITS), 0);
    // It may have been ended just now
    if (this.#isOver) this.#free();
  }

  /** Takes all there is, for a file that is so long that reading it alone needs much. */
  takeAll(): void {
    this.take(BUDGET * 2 ** 20);
  }

  /** Gives back what the thread has taken, and its turn. */
  giveBack(): void {
    if (!this.#isOver) this.#free();
  }

  /** Releases the memory of a thread that is being ended, and grants it no more. Called by another thread. */
  end(): void {
    Atomics.add(this.#numbers, this.#place(BEFORE), 1);
    this.#free();
  }

  #free(): void {
    const numbers = this.#numbers;
    const taken = Atomics.exchange(numbers, this.#place(TAKEN), 0);
    if (taken > 0) {
      Atomics.add(numbers, FREE, taken);
      Atomics.notify(numbers, FREE);
    }
    this.#endTurn();
    Atomics.store(numbers, this.#place(WAITS), 0);
  }

  /** Whether it was ended. */
  get #isOver(): boolean {
    return Atomics.load(this.#numbers, this.#place(BEFORE)) !== this.#before;
  }

  /** The number that names it as the one whose turn it is: never 0, and never that of another. */
  get #mine(): number {
    return 1 + this.#thread + 512 * this.#before;
  }

  #endTurn(): void {
    const mine = this.#mine;
    if (Atomics.compareExchange(this.#numbers, TURN, mine, 0) === mine) Atomics.notify(this.#numbers, TURN);
  }

  #place(number: number): number {
    return FIRST + EACH * this.#thread + number;
  }
}
