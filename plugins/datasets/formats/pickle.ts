import { DatasetError } from "../contract.ts";
import { messageOf } from "../messages.ts";

/**
 * A value in a pickle: what Python would make by calling something stays a call, as nothing is called here. A
 * dictionary has texts for keys, be they texts or bytes in the pickle.
 */
export type Pickled = number | boolean | null | string | Uint8Array | Pickled[] | Map<string, Pickled> | Call;

/** What Python would call, with what, and the state that it would give to what comes out. */
export class Call {
  /** State of the object, if the pickle gives one. */
  state: Pickled = null;

  /**
   * @param name Module and name of what would be called, `numpy.dtype`; of something that is only named, that
   * too.
   * @param args What it would be called with.
   */
  constructor(readonly name: string, readonly args: readonly Pickled[] = []) {}
}

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

/** Stands on the stack where a list of values begins. */
const MARK = Symbol("mark");

/**
 * A number with as many bytes, or what it counts: bytes or a text of that length, or the place of a value
 * that is kept.
 */
type Counted = readonly [kind: "number" | "bytes" | "text" | "keep" | "kept", size: 1 | 2 | 4 | 8];

/** Operations with a number behind them. */
const counted: Readonly<Record<string, Counted>> = {
  ...{ K: ["number", 1], M: ["number", 2] },
  ...{
    U: ["bytes", 1],
    C: ["bytes", 1],
    T: ["bytes", 4],
    B: ["bytes", 4],
    "\x8e": ["bytes", 8],
    "\x96": ["bytes", 8],
  },
  ...{ "\x8c": ["text", 1], X: ["text", 4], "\x8d": ["text", 8] },
  ...{ q: ["keep", 1], r: ["keep", 4], h: ["kept", 1], j: ["kept", 4] },
};

/**
 * Reads a pickle of protocol 2 to 5 (https://docs.python.org/3/library/pickletools.html has its operations)
 * as plain values, without running anything: as many operations as datasets in pickles need, all others are
 * refused.
 *
 * @param path The file's path, for messages.
 * @throws {DatasetError} if it is no pickle, is cut short, or has an operation that is not known here.
 */
export function readPickle(bytes: Uint8Array, path: string): Pickled {
  try {
    return new Unpickler(bytes).read();
  } catch (cause) {
    const must = `${path} must be a pickle of plain values and arrays`;
    throw new DatasetError(`${must}, found that ${messageOf(cause)}`, { cause });
  }
}

class Unpickler {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #memo = new Map<number, Pickled>();
  #stack: (Pickled | typeof MARK)[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): Pickled {
    for (;;) {
      const code = this.#number(1);
      if (code === 0x2e) return this.#pop();
      this.#do(code);
    }
  }

  #do(code: number): void {
    const letter = String.fromCharCode(code);
    const push = (value: Pickled) => void this.#stack.push(value);
    const [kind, size] = counted[letter] ?? [];
    if (size !== undefined) {
      const number = this.#number(size);
      if (kind === "keep") return this.#keep(number);
      if (kind === "kept") return push(this.#kept(number));
      if (kind === "number") return push(number);
      const bytes = this.#take(number);
      return push(kind === "text" ? utf8.decode(bytes) : bytes);
    }
    switch (letter) {
      case "\x80": // a protocol, which the operations tell by themselves
        return void this.#number(1);
      case "\x95": // a frame, for those who read ahead
        return void this.#number(8);
      case "}":
        return push(new Map());
      case "]":
      case ")":
        return push([]);
      case "(":
        return void this.#stack.push(MARK);
      case "N":
        return push(null);
      case "\x88":
      case "\x89":
        return push(letter === "\x88");
      case "J":
        return push(this.#number(4) | 0);
      case "\x8a":
        return push(this.#long());
      case "G":
        return push(new DataView(this.#take(8).slice().buffer).getFloat64(0));
      case "\x94":
        return this.#keep(this.#memo.size);
      case "c":
        return push(new Call(`${this.#line()}.${this.#line()}`));
      case "\x93": {
        const name = this.#pop();
        return push(new Call(`${this.#pop()}.${name}`));
      }
      case "\x85":
      case "\x86":
      case "\x87":
        return push(this.#stack.splice(-(code - 0x84)).map(plain));
      case "t":
        return push(this.#sinceMark());
      case "a":
      case "e": {
        const values = letter === "a" ? [this.#pop()] : this.#sinceMark();
        const list = this.#top();
        if (!Array.isArray(list)) throw new SyntaxError("something is added to an object that is not a list");
        for (const value of values) list.push(value);
        return;
      }
      case "s":
      case "u": {
        const pairs = letter === "s" ? this.#stack.splice(-2).map(plain) : this.#sinceMark();
        const map = this.#top();
        if (!(map instanceof Map)) {
          throw new SyntaxError("something is put into an object that is not a dictionary");
        }
        for (let i = 0; i + 1 < pairs.length; i += 2) map.set(textOf(pairs[i]!), pairs[i + 1]!);
        return;
      }
      case "R": {
        const args = this.#pop();
        return push(called(this.#pop(), args));
      }
      case "b": {
        const state = this.#pop();
        const object = this.#top();
        if (object instanceof Call) object.state = state;
        return;
      }
    }
    throw new SyntaxError(`it has operation ${code} at ${this.#at - 1}, which is not read`);
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) {
      throw new SyntaxError(`it is cut short at ${this.#bytes.length}`);
    }
    return this.#bytes.subarray(this.#at, this.#at += length);
  }

  /** A whole number of 1, 2, 4 or 8 bytes, the lowest first. */
  #number(length: 1 | 2 | 4 | 8): number {
    const at = this.#at;
    this.#take(length);
    if (length === 1) return this.#view.getUint8(at);
    if (length === 2) return this.#view.getUint16(at, true);
    if (length === 4) return this.#view.getUint32(at, true);
    return Number(this.#view.getBigUint64(at, true));
  }

  /** A number of any length, the lowest byte first, in two's complement. */
  #long(): number {
    const bytes = this.#take(this.#number(1));
    const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
    return bytes.at(-1)! >= 128 ? value - 256 ** bytes.length : value;
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new SyntaxError("it is cut short in a name");
    return latin1.decode(this.#take(end + 1 - this.#at)).trimEnd();
  }

  #keep(place: number): void {
    this.#memo.set(place, this.#top());
  }

  #kept(place: number): Pickled {
    const value = this.#memo.get(place);
    if (value === undefined) throw new SyntaxError(`it takes up value ${place}, which was not kept`);
    return value;
  }

  #pop(): Pickled {
    return plain(this.#stack.pop());
  }

  #top(): Pickled {
    return plain(this.#stack.at(-1));
  }

  #sinceMark(): Pickled[] {
    const place = this.#stack.lastIndexOf(MARK);
    if (place < 0) throw new SyntaxError("a list in it has no beginning");
    return this.#stack.splice(place).slice(1).map(plain);
  }
}

/** What is on the stack, if that must be a value. */
function plain(value: Pickled | typeof MARK | undefined): Pickled {
  if (value === undefined || value === MARK) throw new SyntaxError("a value is missing in it");
  return value as Pickled;
}

function textOf(key: Pickled): string {
  return key instanceof Uint8Array ? latin1.decode(key) : String(key);
}

/** A call; but bytes, which old protocols write as a text of one letter for each, are these. */
function called(callee: Pickled, args: Pickled): Pickled {
  if (!(callee instanceof Call) || !Array.isArray(args)) {
    throw new SyntaxError("it calls something that is not a name");
  }
  if (callee.name !== "_codecs.encode") return new Call(callee.name, args);
  return Uint8Array.from(String(args[0]), (letter) => letter.charCodeAt(0));
}
