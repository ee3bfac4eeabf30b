// The equations of the stages in MathML, numbered as in docs/paper-map.md where the papers number them.

import type { ComponentChildren, JSX } from "preact";

const i = (name: string): JSX.Element => <mi>{name}</mi>;
const n = (number: number | string): JSX.Element => <mn>{number}</mn>;
const o = (operator: string): JSX.Element => <mo>{operator}</mo>;
const row = (...parts: ComponentChildren[]): JSX.Element => <mrow>{parts}</mrow>;
const sub = (base: JSX.Element, below: JSX.Element): JSX.Element => (
  <msub>
    {base}
    {below}
  </msub>
);
const both = (base: JSX.Element, below: JSX.Element, above: JSX.Element): JSX.Element => (
  <msubsup>
    {base}
    {below}
    {above}
  </msubsup>
);
const sup = (base: JSX.Element, above: JSX.Element): JSX.Element => (
  <msup>
    {base}
    {above}
  </msup>
);
const sumOver = (below: JSX.Element): JSX.Element => (
  <munder>
    <mo>∑</mo>
    {below}
  </munder>
);
const productOver = (below: JSX.Element): JSX.Element => (
  <munder>
    <mo>∏</mo>
    {below}
  </munder>
);
const call = (name: JSX.Element, ...parts: ComponentChildren[]): JSX.Element =>
  row(name, o("("), ...parts, o(")"));
const plain = (name: string): JSX.Element => <mi mathvariant="normal">{name}</mi>;
const layer = (name: string, at = "t"): JSX.Element => both(i("h"), i(at), row(o("("), i(name), o(")")));
const weight = (name: string): JSX.Element => sup(i("W"), row(o("("), i(name), o(")")));
const bias = (name: string): JSX.Element => sup(i("b"), row(o("("), i(name), o(")")));
const before = row(i("t"), o("−"), n(1));
const after = row(i("t"), o("+"), n(1));

const Equation = ({ children }: { readonly children: ComponentChildren }) => <math>{children}</math>;

export const FilterEquation = () => (
  <Equation>
    {sub(i("e"), row(i("t"), o(","), i("m")))}
    {o("=")}
    {plain("ln")}
    {sumOver(i("k"))}
    {sub(i("w"), row(i("m"), o(","), i("k")))}
    {sup(row(o("|"), sub(i("X"), row(i("t"), o(","), i("k"))), o("|")), n(2))}
  </Equation>
);

export const ContextEquation = ({
  before: past,
  after: next,
}: {
  readonly before: number;
  readonly after: number;
}) => (
  <Equation>
    {o("(")}
    {sub(i("x"), row(i("t"), o("−"), n(past)))}
    {o(",")}
    {o("…")}
    {o(",")}
    {sub(i("x"), i("t"))}
    {o(",")}
    {o("…")}
    {o(",")}
    {sub(i("x"), row(i("t"), o("+"), n(next)))}
    {o(")")}
  </Equation>
);

export const ClipEquation = ({ ceiling }: { readonly ceiling: number }) => (
  <Equation>
    {layer("l")}
    {o("=")}
    {call(i("g"), weight("l"), layer("l−1"), o("+"), bias("l"))}
    {o(",")}
    <mspace width="1em" />
    {call(i("g"), i("z"))}
    {o("=")}
    {call(plain("min"), call(plain("max"), n(0), o(","), i("z")), o(","), n(ceiling))}
  </Equation>
);

const clippedStep = (direction: string, neighbor: JSX.Element): JSX.Element =>
  row(
    layer(direction),
    o("="),
    call(
      i("g"),
      weight("4"),
      layer("3"),
      o("+"),
      both(i("W"), i("r"), row(o("("), i(direction), o(")"))),
      both(i("h"), neighbor, row(o("("), i(direction), o(")"))),
      o("+"),
      bias("4"),
    ),
  );

/** Whether a recurrence runs both ways, or only forward. */
export interface Directions {
  readonly isBothWays: boolean;
}

/** Hannun et al. 2014, eq. 2 and 3. */
export const ClippedRecurrenceEquation = ({ isBothWays }: Directions) =>
  isBothWays ? <ClippedBothWays /> : <Equation>{clippedStep("f", before)}</Equation>;

const ClippedBothWays = () => (
  <>
    <Equation>{clippedStep("f", before)}</Equation>
    <Equation>{clippedStep("b", after)}</Equation>
    <Equation>
      {layer("4")}
      {o("=")}
      {layer("f")}
      {o("+")}
      {layer("b")}
    </Equation>
  </>
);

/** Cho et al. 2014: what is kept of the old state, and what comes new. */
export const GatedRecurrenceEquation = () => (
  <Equation>
    {sub(i("h"), i("t"))}
    {o("=")}
    {sub(i("u"), i("t"))}
    {o("⊙")}
    {sub(i("h"), before)}
    {o("+")}
    {row(o("("), n(1), o("−"), sub(i("u"), i("t")), o(")"))}
    {o("⊙")}
    {call(
      plain("tanh"),
      i("W"),
      sub(i("x"), i("t")),
      o("+"),
      sub(i("r"), i("t")),
      o("⊙"),
      i("U"),
      sub(i("h"), before),
    )}
  </Equation>
);

/** Hochreiter & Schmidhuber 1997; Gers et al. 2000. */
export const LongMemoryEquation = () => (
  <Equation>
    {sub(i("c"), i("t"))}
    {o("=")}
    {sub(i("f"), i("t"))}
    {o("⊙")}
    {sub(i("c"), before)}
    {o("+")}
    {sub(i("i"), i("t"))}
    {o("⊙")}
    {sub(<mover>{[i("c"), o("~")]}</mover>, i("t"))}
    {o(",")}
    <mspace width="1em" />
    {sub(i("h"), i("t"))}
    {o("=")}
    {sub(i("o"), i("t"))}
    {o("⊙")}
    {call(plain("tanh"), sub(i("c"), i("t")))}
  </Equation>
);

export const SoftmaxEquation = () => (
  <Equation>
    {sub(i("y"), i("t"))}
    {call(row(), i("k"))}
    {o("=")}
    <mfrac>
      {sup(i("e"), call(sub(i("z"), i("t")), i("k")))}
      {row(sumOver(i("j")), sup(i("e"), call(sub(i("z"), i("t")), i("j"))))}
    </mfrac>
  </Equation>
);

/** Graves et al. 2006, eq. 3: all paths that collapse to the labels. */
export const PathsEquation = () => (
  <Equation>
    {call(i("p"), i("l"), o("|"), i("x"))}
    {o("=")}
    {sumOver(row(i("π"), o(":"), call(i("B"), i("π")), o("="), i("l")))}
    {productOver(i("t"))}
    {sub(i("y"), i("t"))}
    {o("(")}
    {sub(i("π"), i("t"))}
    {o(")")}
  </Equation>
);

/** Graves et al. 2006, eq. 6 and 7: the same sum, without counting. */
export const ForwardEquation = () => (
  <Equation>
    {sub(i("α"), i("t"))}
    {o("(")}
    {i("s")}
    {o(")")}
    {o("=")}
    {o("[")}
    {sub(i("α"), before)}
    {o("(")}
    {i("s")}
    {o(")")}
    {o("+")}
    {sub(i("α"), before)}
    {o("(")}
    {row(i("s"), o("−"), n(1))}
    {o(")")}
    {o("+")}
    {sub(i("α"), before)}
    {o("(")}
    {row(i("s"), o("−"), n(2))}
    {o(")")}
    {o("]")}
    {sub(i("y"), i("t"))}
    {o("(")}
    {sub(i("l′"), i("s"))}
    {o(")")}
  </Equation>
);

/** Hannun et al. 2014, eq. 12. */
export const ScoreEquation = () => (
  <Equation>
    {call(i("Q"), i("c"))}
    {o("=")}
    {plain("ln")}
    {call(i("P"), i("c"), o("|"), i("x"))}
    {o("+")}
    {i("α")}
    {plain("ln")}
    {call(sub(i("P"), plain("lm")), i("c"))}
    {o("+")}
    {i("β")}
    {call(plain("words"), i("c"))}
  </Equation>
);

/** Graves et al. 2006, eq. 16, at the logits. */
export const GradientEquation = () => (
  <Equation>
    <mfrac>
      {row(o("∂"), i("L"))}
      {row(o("∂"), sub(i("z"), i("t")), o("("), i("k"), o(")"))}
    </mfrac>
    {o("=")}
    {sub(i("y"), i("t"))}
    {o("(")}
    {i("k")}
    {o(")")}
    {o("−")}
    <mfrac>
      {n(1)}
      {call(i("p"), i("l"), o("|"), i("x"))}
    </mfrac>
    {sumOver(row(i("s"), o(":"), sub(i("l′"), i("s")), o("="), i("k")))}
    {sub(i("α"), i("t"))}
    {o("(")}
    {i("s")}
    {o(")")}
    {sub(i("β"), i("t"))}
    {o("(")}
    {i("s")}
    {o(")")}
  </Equation>
);
