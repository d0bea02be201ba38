// Can two samples of times be told apart? A rank test, so that a machine that is busy now and then changes nothing.

// Two-sided Mann-Whitney U with tie correction, normal approximation: the probability of ranks so uneven when both come from one distribution.
export function mannWhitney(a, b) {
  const all = [...a.map((v) => ({ v, first: true })), ...b.map((v) => ({ v, first: false }))].sort((x, y) => x.v - y.v);
  let ranks = 0, ties = 0;
  for (let i = 0; i < all.length;) {
    let j = i;
    while (j < all.length && all[j].v === all[i].v) j += 1;
    const rank = (i + j + 1) / 2, n = j - i;
    ties += n ** 3 - n;
    for (; i < j; i += 1) if (all[i].first) ranks += rank;
  }
  const n = a.length, m = b.length, total = n + m;
  const u = ranks - (n * (n + 1)) / 2;
  const sd = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  return sd === 0 ? 1 : erfc(Math.abs(u - (n * m) / 2) / sd / Math.SQRT2);
}

// Abramowitz and Stegun 7.1.26 is too coarse for small tails; this is the continued fraction of Numerical Recipes (relative error 1.2e-7).
function erfc(x) {
  const t = 1 / (1 + x / 2);
  return t * Math.exp(-x * x - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398
    + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277)))))))));
}

// The quickest of each `size` in a row: what the work takes when nothing comes between.
export function quickest(values, size) {
  const out = [];
  for (let i = 0; i + size <= values.length; i += size) out.push(Math.min(...values.slice(i, i + size)));
  return out;
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
