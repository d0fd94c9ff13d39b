import { createRandom, shuffled } from '#lib/core/random.ts'
import { groupsOf } from '#lib/training-data/compare/groups.ts'
import { Rows } from '#lib/training-data/compare/rows.ts'
import type { Split } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { factsOf, isFresh, readColumns } from './facts.ts'
import { eachRowAt, isSent, splitOf } from './store.ts'

export interface SplitInput {
  datasetId: string
  revision: number
  /** Share of the rows to hold out, 0 to 0.5. */
  heldout: number
  seed: number
}

export interface RowSplit {
  /** Records that change their split, by the new split. */
  moves: Record<Split, number[]>
  /** Rows per split afterwards, without blank lines. */
  splits: Record<Split, number>
}

/**
 * Chooses the groups to hold out: drawn at random until the share is reached. A group too large for the remaining share
 * stays in training.
 * @param groups the group id of every row
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
  /** Rows that never move: lines that are not examples cannot be grouped. */
  others: Record<Split, number>
}

async function readSplit(
  { datasetId, revision }: SplitInput,
  { db, yieldToEventLoop }: Context,
): Promise<ReadSplit> {
  const rows = new Rows()
  const read: ReadSplit = { rows, seqs: [], sides: [], others: { train: 0, heldout: 0 } }
  const reader = new RowReader()
  let number = 0
  try {
    for (const row of eachRowAt(db, datasetId, revision)) {
      number++
      if (!isSent(row)) continue
      const facts = factsOf(isFresh(row) ? row : { ...row, ...readColumns(reader.line(row, number)) })
      const side = splitOf(row)
      if (facts.kind === 'chat' || facts.kind === 'preference') {
        rows.add(facts, side, number, number, true)
        read.seqs.push(row.seq)
        read.sides.push(side)
      } else if (facts.kind !== 'blank') read.others[side]++
      await yieldToEventLoop()
    }
    return read
  } finally {
    reader.close()
  }
}

/** Splits the rows of a revision into train and held-out; the same seed gives the same split. */
export async function splitRows(input: SplitInput, context: Context): Promise<RowSplit> {
  const { rows, seqs, sides, others } = await readSplit(input, context)
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
