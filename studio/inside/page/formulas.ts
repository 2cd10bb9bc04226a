/** The formulas of the view, in MathML. They are the same in all languages. */

/** A MathML element. */
function m(tag: string, ...content: (Node | string)[]): Element {
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  made.append(...content);
  return made;
}

const i = (name: string) => m("mi", name);
const o = (sign: string) => m("mo", sign);
const n = (number: string) => m("mn", number);
const row = (...content: Node[]) => m("mrow", ...content);
const sub = (what: Node, ...below: Node[]) => m("msub", what, row(...below));
const hat = (name: string) => m("mover", i(name), o("^"));
const of = (name: string, ...arguments_: Node[]) => row(i(name), o("("), ...arguments_, o(")"));
const fraction = (above: Node, below: Node) => m("mfrac", above, below);

const logit = () => of("D", i("x"));

/** What makes each of them: elements cannot be in two places. */
const FORMULAS = {
  judged: () => [
    i("p"),
    o("="),
    of("σ", logit()),
    o("="),
    fraction(n("1"), row(n("1"), o("+"), m("msup", i("e"), row(o("−"), logit())))),
  ],
  looks: () => [
    sub(i("h"), i("i"), i("j")),
    o("="),
    m("munder", o("max"), i("c")),
    o("|"),
    fraction(row(o("∂"), logit()), row(o("∂"), sub(i("x"), i("i"), i("j"), i("c")))),
    o("|"),
  ],
  maps: () => [
    sub(i("x"), i("l")),
    o("="),
    of("a", of("norm", sub(i("W"), i("l")), o("∗"), sub(i("x"), i("l"), o("−"), n("1")))),
  ],
  step: () => [
    i("w"),
    o("←"),
    i("w"),
    o("−"),
    i("η"),
    fraction(hat("m"), row(m("msqrt", hat("v")), o("+"), i("ε"))),
  ],
} as const satisfies Readonly<Record<string, () => Node[]>>;

/** The name of a formula. */
export type FormulaName = keyof typeof FORMULAS;

/**
 * A formula.
 *
 * @param words What screen readers read that know no MathML.
 */
export function formula(name: FormulaName, words: string): Element {
  const math = m("math", ...FORMULAS[name]());
  math.setAttribute("display", "block");
  math.setAttribute("aria-label", words);
  return math;
}
