import { createRandom, shuffled } from '#lib/core/random.ts'
import { groupsOf } from '#lib/training-data/compare/groups.ts'
import { Rows } from '#lib/training-data/compare/rows.ts'
import type { Split } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { factsOf, isFresh, readColumns } from './facts.ts'
import { eachRowAt, splitOf } from './store.ts'

export interface SplitInput {
  datasetId: string
  revision: number
  /** Share of the rows to hold out, 0 to 0.5. */
  heldout: number
  seed: number
}

export interface RowSplit {
  /** Records that change sides, by the side they go to. */
  moves: Record<Split, number[]>
  /** Rows on each side then, blank lines apart. */
  splits: Record<Split, number>
}

/**
 * Which groups are held out: drawn by lot until the share is full. One that is too large for what is left stays to
 * train on.
 * @param groups for every row the name of its group
 */
export function heldOutGroups(groups: Uint32Array, share: number, seed: number): Set<number> {
  const sizes = new Map<number, number>()
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  let left = share === 0 ? 0 : Math.max(1, Math.round(groups.length * share))
  const drawn = new Set<number>()
  const names = [...sizes.keys()]
  for (const place of shuffled(names.length, createRandom(seed))) {
    const group = names[place] as number
    const size = sizes.get(group) as number
    if (size > left || drawn.size === sizes.size - 1) continue
    drawn.add(group)
    left -= size
  }
  return drawn
}

interface ReadSplit {
  rows: Rows
  seqs: number[]
  sides: Split[]
  /** Rows that no deal moves: what is no example cannot be told apart. */
  others: Record<Split, number>
}

async function read(
  { datasetId, revision }: SplitInput,
  { db, yieldToEventLoop }: Context,
): Promise<ReadSplit> {
  const rows = new Rows()
  const dealt: ReadSplit = { rows, seqs: [], sides: [], others: { train: 0, heldout: 0 } }
  const reader = new RowReader()
  let number = 0
  try {
    for (const row of eachRowAt(db, datasetId, revision)) {
      number++
      const facts = factsOf(isFresh(row) ? row : { ...row, ...readColumns(reader.line(row, number)) })
      const side = splitOf(row)
      if (facts.kind === 'chat' || facts.kind === 'preference') {
        rows.add(facts, side, number, number, true)
        dealt.seqs.push(row.seq)
        dealt.sides.push(side)
      } else if (facts.kind !== 'blank') dealt.others[side]++
      await yieldToEventLoop()
    }
    return dealt
  } finally {
    reader.close()
  }
}

/** Deals the rows of a revision to the two sides; the same seed deals the same rows the same way. */
export async function splitRows(input: SplitInput, context: Context): Promise<RowSplit> {
  const { rows, seqs, sides, others } = await read(input, context)
  const groups = groupsOf(rows)
  const out = heldOutGroups(groups, input.heldout, input.seed)
  const moves: RowSplit['moves'] = { train: [], heldout: [] }
  const splits = { ...others }
  for (const [row, seq] of seqs.entries()) {
    const side: Split = out.has(groups[row] as number) ? 'heldout' : 'train'
    splits[side]++
    if (side !== sides[row]) moves[side].push(seq)
  }
  return { moves, splits }
}
