import { BANDS, bandOf, LIKENESS } from './near.ts'
import type { Rows } from './rows.ts'

/** Latest rows of a band that a row is compared with: a thousand equal rows soon form one group. */
const LOOKED_AT = 64

/** Disjoint sets (union-find); each is named by its first row. */
class Groups {
  readonly #above: Uint32Array

  constructor(count: number) {
    this.#above = Uint32Array.from({ length: count }, (_, row) => row)
  }

  first(row: number): number {
    let top = row
    while ((this.#above[top] as number) !== top) top = this.#above[top] as number
    this.#above[row] = top
    return top
  }

  join(a: number, b: number): void {
    const [one, other] = [this.first(a), this.first(b)]
    this.#above[Math.max(one, other)] = Math.min(one, other)
  }
}

function joinEqual(rows: Rows, groups: Groups, hashOf: (row: number) => number): void {
  const seen = new Map<number, number>()
  for (let row = 0; row < rows.count; row++) {
    const hash = hashOf(row)
    if (hash === 0) continue
    const known = seen.get(hash)
    if (known === undefined) seen.set(hash, row)
    else groups.join(known, row)
  }
}

function joinAlike(rows: Rows, groups: Groups, band: number): void {
  const latest = new Map<number, number>()
  const earlier = new Int32Array(rows.count)
  for (let row = 0; row < rows.count; row++) {
    if (!rows.hasSketch(row)) continue
    const key = bandOf(rows, row, band)
    let other = latest.get(key) ?? -1
    earlier[row] = other
    latest.set(key, row)
    for (let looked = 0; other >= 0 && looked < LOOKED_AT; looked++) {
      const known = groups.first(other) === groups.first(row)
      if (!known && rows.likeness(other, row) >= LIKENESS) groups.join(other, row)
      other = earlier[other] as number
    }
  }
}

/**
 * Groups of rows that belong into one split: the same text, the same question, or nearly the same words.
 * @returns for every row the first row of its group
 */
export function groupsOf(rows: Rows): Uint32Array {
  const groups = new Groups(rows.count)
  joinEqual(rows, groups, rows.lineHash)
  joinEqual(rows, groups, (row) => (rows.hasPrompt(row) ? rows.promptHash(row) : 0))
  for (let band = 0; band < BANDS; band++) joinAlike(rows, groups, band)
  return Uint32Array.from({ length: rows.count }, (_, row) => groups.first(row))
}
