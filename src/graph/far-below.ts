/** For what must not count: e^(−1e30) is 0; unlike −∞, a query that may see nothing gets a mean and no NaN. */
export const FAR_BELOW = -1e30;
