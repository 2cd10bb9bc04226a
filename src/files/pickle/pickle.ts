/**
 * Reads pickles as plain data. A pickle is a program that makes Python objects; here it makes none: what
 * Python would call is only written down, for the reader to know or to refuse.
 *
 * @module
 */
import { PickleBytes } from "./pickle_bytes.ts";

/**
 * A value in a pickle: what Python would make by calling something stays a call, as nothing is called here. A
 * dictionary has texts for keys, be they texts, bytes or numbers in the pickle; sets and tuples are lists.
 */
export type Pickled =
  | number
  | boolean
  | null
  | string
  | Uint8Array
  | Pickled[]
  | Map<string, Pickled>
  | Call
  | Outside;

/** What Python would call, with what, and the state that it would give to what comes out. */
export class Call {
  /** State of the object, if the pickle gives one. */
  state: Pickled = null;

  /**
   * @param name Module and name of what would be called, `numpy.dtype`; of something that is only named, that
   * too.
   * @param args What it would be called with; undefined if it is only named.
   */
  constructor(readonly name: string, readonly args: readonly Pickled[] | undefined = undefined) {}
}

/** Something that does not lie in the pickle, but beside it: a persistent id. */
export class Outside {
  /** `id` is what names it. */
  constructor(readonly id: Pickled) {}
}

/** A pickle that was read. */
export interface ReadPickle {
  /** What is in it. */
  readonly value: Pickled;
  /** Where it ends: others may follow. */
  readonly end: number;
  /** What it names that lies beside it, in order. */
  readonly outside: readonly Outside[];
}

/** Stands on the stack where a list of values begins. */
const MARK = Symbol("mark");

/**
 * A number with as many bytes, or what it counts: bytes or a text of that length, or the place of a value
 * that is kept.
 */
type Counted = readonly [kind: "number" | "bytes" | "text" | "long" | "keep" | "kept", size: 1 | 2 | 4 | 8];

/** Operations with a number behind them. */
const counted: Readonly<Record<string, Counted>> = {
  ...{ K: ["number", 1], M: ["number", 2], "\x8a": ["long", 1], "\x8b": ["long", 4] },
  ...{ U: ["bytes", 1], C: ["bytes", 1], T: ["bytes", 4], B: ["bytes", 4] },
  ...{ "\x8e": ["bytes", 8], "\x96": ["bytes", 8] },
  ...{ "\x8c": ["text", 1], X: ["text", 4], "\x8d": ["text", 8] },
  ...{ q: ["keep", 1], r: ["keep", 4], h: ["kept", 1], j: ["kept", 4] },
};

/** Most letters of the name of something that would be called. */
const MOST_NAME = 512;

/** Most letters of a key: keys are copied each time that they are used. */
const MOST_KEY = 1024;

/**
 * Reads a pickle of protocol 2 to 5 (https://docs.python.org/3/library/pickletools.html has its operations)
 * as plain values, without running anything: as many operations as data in pickles needs, all others are
 * refused. Time and memory grow with its bytes, whatever they are.
 *
 * @param from Where it begins.
 * @throws {SyntaxError} if it is no pickle, is cut short, or has an operation that is not known here: what is
 * found, as the end of a sentence.
 */
export function readPickle(bytes: Uint8Array, from = 0): ReadPickle {
  return new Unpickler(bytes, from).read();
}

class Unpickler {
  readonly #bytes: PickleBytes;
  readonly #memo = new Map<number, Pickled>();
  #stack: (Pickled | typeof MARK)[] = [];
  readonly #outside: Outside[] = [];
  #encoded = 0;

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = new PickleBytes(bytes, from);
  }

  read(): ReadPickle {
    for (;;) {
      const code = this.#bytes.number(1);
      if (code === 0x2e) return { value: this.#pop(), end: this.#bytes.at, outside: this.#outside };
      this.#do(code);
    }
  }

  #do(code: number): void {
    const letter = String.fromCharCode(code);
    const push = (value: Pickled) => void this.#stack.push(value);
    const [kind, size] = counted[letter] ?? [];
    if (size !== undefined) {
      const number = this.#bytes.number(size);
      if (kind === "keep") return this.#keep(number);
      if (kind === "kept") return push(this.#kept(number));
      if (kind === "number") return push(number);
      if (kind === "long") return push(this.#bytes.long(number));
      return push(kind === "text" ? this.#bytes.text(number) : this.#bytes.take(number));
    }
    switch (letter) {
      case "\x80": // a protocol, which the operations tell by themselves
        return void this.#bytes.number(1);
      case "\x95": // a frame, for those who read ahead
        return void this.#bytes.number(8);
      case "}":
        return push(new Map());
      case "]":
      case ")":
      case "\x8f":
        return push([]);
      case "(":
        return void this.#stack.push(MARK);
      case "0":
        return void this.#pop();
      case "N":
        return push(null);
      case "\x88":
      case "\x89":
        return push(letter === "\x88");
      case "J":
        return push(this.#bytes.number(4) | 0);
      case "G":
        return push(this.#bytes.double());
      case "Q": {
        const outside = new Outside(this.#pop());
        this.#outside.push(outside);
        return push(outside);
      }
      case "\x94":
        return this.#keep(this.#memo.size);
      case "c":
        return push(named(this.#bytes.line(), this.#bytes.line()));
      case "\x93": {
        const name = this.#pop();
        return push(named(this.#pop(), name));
      }
      case "\x85":
      case "\x86":
      case "\x87":
        return push(this.#stack.splice(-(code - 0x84)).map(plain));
      case "t":
      case "\x91":
        return push(this.#sinceMark());
      case "a":
        return this.#add([this.#pop()]);
      case "e":
      case "\x90":
        return this.#add(this.#sinceMark());
      case "s":
        return this.#put(this.#stack.splice(-2).map(plain));
      case "u":
        return this.#put(this.#sinceMark());
      case "R":
      case "\x81": {
        const args = this.#pop();
        return push(this.#called(this.#pop(), args));
      }
      case "b": {
        const state = this.#pop();
        const object = this.#top();
        if (object instanceof Call) object.state = state;
        return;
      }
    }
    throw new SyntaxError(`it has operation ${code} at ${this.#bytes.at - 1}, which is not read`);
  }

  #add(values: readonly Pickled[]): void {
    const list = this.#top();
    // Of an object that is none of these nothing is made, so that it holds nothing
    if (list instanceof Call) return;
    if (!Array.isArray(list)) throw new SyntaxError("something is added to an object that is not a list");
    for (const value of values) list.push(value);
  }

  #put(pairs: readonly Pickled[]): void {
    const map = this.#top();
    if (map instanceof Call) return;
    if (!(map instanceof Map)) {
      throw new SyntaxError("something is put into an object that is not a dictionary");
    }
    for (let i = 0; i + 1 < pairs.length; i += 2) map.set(textOf(pairs[i]!), pairs[i + 1]!);
  }

  /** A call; but dictionaries in order, and bytes that old protocols write as a text, are these. */
  #called(callee: Pickled, args: Pickled): Pickled {
    const name = nameOf(callee);
    if (name === undefined || !Array.isArray(args)) {
      throw new SyntaxError("it calls something that is not a name");
    }
    if (name === "collections.OrderedDict") return dictionaryOf(args);
    if (name !== "_codecs.encode") return new Call(name, args);
    const [text] = args;
    if (typeof text !== "string") throw new SyntaxError("it encodes something that is not a text");
    // One text may be encoded many times
    this.#encoded += text.length;
    if (this.#encoded > this.#bytes.size) throw new SyntaxError("it encodes more letters than it has");
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
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

/** Something that would be called. */
function named(module: Pickled, name: Pickled): Call {
  if (typeof module !== "string" || typeof name !== "string" || module.length + name.length > MOST_NAME) {
    throw new SyntaxError("it names something by no name");
  }
  return new Call(`${module}.${name}`);
}

/** The name of what would be called: PyTorch puts classes beside the pickle, with their sources. */
function nameOf(callee: Pickled): string | undefined {
  if (callee instanceof Call) return callee.name;
  const [, known] = callee instanceof Outside && Array.isArray(callee.id) ? callee.id : [];
  return known instanceof Call ? known.name : undefined;
}

/** A dictionary from the pairs that it would be made of. */
function dictionaryOf([pairs]: readonly Pickled[]): Map<string, Pickled> {
  const map = new Map<string, Pickled>();
  for (const pair of Array.isArray(pairs) ? pairs : []) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new SyntaxError("it makes a dictionary of something else than pairs");
    }
    map.set(textOf(pair[0]!), pair[1]!);
  }
  return map;
}

const latin1 = new TextDecoder("latin1");

function textOf(key: Pickled): string {
  if (typeof key === "object" && key !== null && !(key instanceof Uint8Array)) {
    throw new SyntaxError("a key in it must be a text or a number");
  }
  if ((typeof key === "string" || key instanceof Uint8Array) && key.length > MOST_KEY) {
    throw new SyntaxError(`a key in it must have at most ${MOST_KEY} letters, found ${key.length}`);
  }
  return key instanceof Uint8Array ? latin1.decode(key) : `${key}`;
}
