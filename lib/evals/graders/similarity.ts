const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Most cells of the table: two texts of some 3,000 words. */
const MOST_CELLS = 9_000_000

/** Length of the longest common subsequence. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = new Uint32Array(b.length + 1)
  for (const word of a) {
    const next = new Uint32Array(b.length + 1)
    b.forEach((other, index) => {
      next[index + 1] =
        word === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0)
    })
    row = next
  }
  return row[b.length] ?? 0
}

/**
 * ROUGE-L (Lin 2004): the F-measure of the longest common subsequence of words, 0 to 1. Case and punctuation do not
 * count. Two empty texts are alike; of very long ones the beginnings are compared.
 */
export function similarity(text: string, reference: string): number {
  let [a, b] = [wordsOf(text), wordsOf(reference)]
  if (a.length * b.length > MOST_CELLS) [a, b] = [a.slice(0, 3_000), b.slice(0, 3_000)]
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 1 : 0
  const length = common(a, b)
  return (2 * length) / (a.length + b.length)
}
