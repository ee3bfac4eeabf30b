// Logistic regression (Cox 1958) of few numbers on two classes that count the same however many there are of each, by
// Newton's method, with a small penalty on large weights, so that classes which a line parts have finite ones. Weights are
// never below 0: evidence speaks for its class or says nothing. Knows nothing of speech.

export interface LogisticModel {
  readonly weights: readonly number[];
  readonly bias: number;
}

/** Of the sum of both classes' log-likelihoods, each weighing 1. */
const PENALTY = 0.002;
const ITERATIONS = 60;
/** What hardly differs tells nothing. */
const LEAST_SPREAD = 1e-6;

/** @param positives each as many numbers, as the negatives; one of either at least */
export function fitLogistic(
  positives: readonly (readonly number[])[],
  negatives: readonly (readonly number[])[],
): LogisticModel {
  const { means, scales } = standardsOf([...positives, ...negatives]);
  const standard = (values: readonly number[]) => values.map((value, i) => (value - means[i]) / scales[i]);
  const rows = [...positives.map((x) => rowOf(standard(x), 1, positives)), ...negatives.map((x) => rowOf(standard(x), 0, negatives))]; // prettier-ignore
  let used = means.flatMap((_, i) => (scales[i] > LEAST_SPREAD ? [i] : []));
  for (;;) {
    const [bias, ...fitted] = newton(rows, used);
    const kept = used.filter((_, k) => fitted[k] > 0);
    if (kept.length < used.length) {
      used = kept;
      continue;
    }
    const weights = means.map((_, i) => (used.includes(i) ? fitted[used.indexOf(i)] / scales[i] : 0));
    return { weights, bias: bias - weights.reduce((sum, weight, i) => sum + weight * means[i], 0) };
  }
}

interface Row {
  readonly values: readonly number[];
  readonly target: 0 | 1;
  readonly weight: number;
}

const rowOf = (values: readonly number[], target: 0 | 1, all: readonly unknown[]): Row => {
  return { values, target, weight: 1 / all.length };
};

function standardsOf(all: readonly (readonly number[])[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const columns = all[0].map((_, i) => all.map((values) => values[i]));
  const means = columns.map(mean);
  const scales = columns.map((column, i) => Math.sqrt(mean(column.map((x) => (x - means[i]) ** 2))));
  return { means, scales };
}

/** @param used the columns that have a weight @returns bias, then the weights */
function newton(rows: readonly Row[], used: readonly number[]): number[] {
  let solution = Array.from({ length: used.length + 1 }, () => 0);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const size = solution.length;
    const gradient = solution.map((value, i) => (i === 0 ? 0 : PENALTY * value));
    const hessian = solution.map((_, i) =>
      solution.map((_, j) => (i === j ? (i === 0 ? 1e-9 : PENALTY) : 0)),
    );
    for (const { values, target, weight } of rows) {
      const x = [1, ...used.map((column) => values[column])];
      const probability = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * solution[i], 0)));
      const slope = weight * (probability - target);
      const curvature = weight * Math.max(1e-6, probability * (1 - probability));
      for (let i = 0; i < size; i++) {
        gradient[i] += slope * x[i];
        for (let j = 0; j < size; j++) hessian[i][j] += curvature * x[i] * x[j];
      }
    }
    const step = solve(hessian, gradient);
    const length = Math.hypot(...step);
    const scale = length > 4 ? 4 / length : 1; // far from the solution the parabola is no guide
    solution = solution.map((value, i) => value - scale * step[i]);
    if (length < 1e-9) break;
  }
  return solution;
}

/** Gauss's elimination of a symmetric positive definite system. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (const [i, pivot] of rows.entries()) {
    for (const row of rows.slice(i + 1)) {
      const factor = row[i] / pivot[i];
      for (let k = i; k < row.length; k++) row[k] -= factor * pivot[k];
    }
  }
  const solution = Array.from({ length: right.length }, () => 0);
  for (let i = rows.length - 1; i >= 0; i--) {
    const known = solution.reduce((sum, value, k) => sum + (k > i ? rows[i][k] * value : 0), 0);
    solution[i] = (rows[i][right.length] - known) / rows[i][i];
  }
  return solution;
}
