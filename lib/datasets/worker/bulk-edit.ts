import type { RuleId } from '#lib/training-data/issue.ts'
import { refuseLocked } from '../refusals.ts'
import type { BulkChange, ChangePreview, Split, Step } from '../schema.ts'
import { RowReader } from './bytes.ts'
import { changeChosen, chosenBy, isOfChosen, type RowsChange } from './chosen-rows.ts'
import type { Context } from './context.ts'
import { endRecords, moveRecords } from './history-store.ts'
import { fullReport, linesOf } from './report.ts'
import { type Place, type Rewrite, rewrites } from './rewrite.ts'
import { rewriteRows } from './rewrite-rows.ts'
import { splitRows } from './split-rows.ts'
import { lockedAt } from './state-store.ts'
import { bigStep, type StepRequest, type StepWriter } from './step.ts'
import { eachRowAt, type Row } from './store.ts'

export interface ChangeInput extends Place {
  change: BulkChange
}

/** Changes that a preview shows. */
const SHOWN = 40
/** Characters of all their text after which no further change is shown. */
const SHOWN_TEXT = 1024 * 1024
/** Records per short transaction. */
const BATCH = 200

type Sample = ChangePreview['samples'][number]

const bare = (line: string): string => line.replace(/\r$/, '')

const sampleOf = ({ number, rows, lines, rules }: Rewrite, reader: RowReader): Sample => ({
  number,
  before: rows.map((row, index) => reader.line(row, number + index).text ?? ''),
  after: lines.map(bare),
  rules,
})

/** Counts what a change rewrites, with the first changes as samples. */
async function previewOf(places: AsyncIterable<Rewrite>, revision: number, reader: RowReader) {
  const preview: ChangePreview = { revision, changed: 0, removed: 0, added: 0, samples: [], splits: null }
  let shown = 0
  for await (const place of places) {
    const [before, after] = [place.rows.length, place.lines.length]
    preview.changed += Math.min(before, after)
    preview.removed += Math.max(0, before - after)
    preview.added += Math.max(0, after - before)
    if (preview.samples.length >= SHOWN || shown >= SHOWN_TEXT) continue
    const sample = sampleOf(place, reader)
    shown += [...sample.before, ...sample.after].reduce((sum, { length }) => sum + length, 0)
    preview.samples.push(sample)
  }
  return preview
}

/** The rows with an issue of a rule, as deletions. */
async function* discarded(
  { datasetId, revision }: Place,
  rule: RuleId,
  context: Context,
): AsyncGenerator<Rewrite & { rows: [Row] }> {
  const lines = new Set(linesOf(await fullReport({ datasetId, revision }, context), rule))
  let number = 0
  for (const row of eachRowAt(context.db, datasetId, revision)) {
    number++
    if (lines.has(number)) yield { number, rows: [row], lines: [], rules: [rule] }
    await context.yieldToEventLoop()
  }
}

function expectUnlocked({ datasetId }: Place, { db }: Context): void {
  if (lockedAt(db, datasetId) !== null) throw refuseLocked()
}

/** Counts the named rows that change; without samples, since their text stays. */
function previewChosen(change: RowsChange, place: Place, context: Context): ChangePreview {
  const { length } = chosenBy(context.db, place, change)
  if (change.kind === 'split' && length > 0) expectUnlocked(place, context)
  const [changed, removed] = change.kind === 'delete' ? [0, length] : [length, 0]
  return { revision: place.revision, changed, removed, added: 0, samples: [], splits: null }
}

/**
 * Task: previews a change of many rows.
 * @throws AppError conflict when it would change a split that a job has used
 */
export async function preview({ change, ...place }: ChangeInput, context: Context): Promise<ChangePreview> {
  const { revision } = place
  if (isOfChosen(change)) return previewChosen(change, place, context)
  if (change.kind === 'deal') {
    expectUnlocked(place, context)
    const { moves, splits } = await splitRows({ ...place, ...change }, context)
    const changed = moves.train.length + moves.heldout.length
    return { revision, changed, removed: 0, added: 0, samples: [], splits }
  }
  const reader = new RowReader()
  try {
    const places =
      change.kind === 'discard'
        ? discarded(place, change.rule, context)
        : rewrites(change, place, reader, context)
    return await previewOf(places, revision, reader)
  } finally {
    reader.close()
  }
}

async function inBatches(
  seqs: readonly number[],
  { yieldToEventLoop }: Context,
  work: (batch: number[]) => void,
): Promise<void> {
  for (let start = 0; start < seqs.length; start += BATCH) {
    work(seqs.slice(start, start + BATCH))
    await yieldToEventLoop()
  }
}

/** A step without further result. */
async function stepOver(
  context: Context,
  request: StepRequest,
  work: (writer: StepWriter) => Promise<number>,
): Promise<Step> {
  const { result: _, ...step } = await bigStep(context, request, async (writer) => ({
    rows: await work(writer),
    result: null,
  }))
  return step
}

const discard = ({ datasetId, revision }: Place, rule: RuleId, context: Context): Promise<Step> =>
  stepOver(context, { datasetId, kind: 'discard', expected: revision }, async (writer) => {
    const seqs: number[] = []
    for await (const { rows } of discarded({ datasetId, revision }, rule, context)) seqs.push(rows[0].seq)
    await inBatches(seqs, context, (batch) => writer.write(() => endRecords(context.db, batch, writer.next)))
    return seqs.length
  })

const splitAgain = (
  { datasetId, revision }: Place,
  change: Extract<BulkChange, { kind: 'deal' }>,
  context: Context,
): Promise<Step> =>
  stepOver(context, { datasetId, kind: 'deal', expected: revision }, async (writer) => {
    expectUnlocked({ datasetId, revision }, context)
    const { moves } = await splitRows({ datasetId, revision, ...change }, context)
    for (const split of ['train', 'heldout'] as const satisfies Split[]) {
      await inBatches(moves[split], context, (batch) =>
        writer.write(() => moveRecords(context.db, batch, split, writer.next)),
      )
    }
    return moves.train.length + moves.heldout.length
  })

const changeNamed = (change: RowsChange, place: Place, context: Context): Promise<Step> =>
  stepOver(
    context,
    { datasetId: place.datasetId, kind: change.kind, expected: place.revision },
    async (writer) => {
      const rows = chosenBy(context.db, place, change)
      if (change.kind === 'split' && rows.length > 0) expectUnlocked(place, context)
      await inBatches(
        rows.map(({ seq }) => seq),
        context,
        (batch) => writer.write(() => changeChosen(context.db, batch, change, writer.next)),
      )
      return rows.length
    },
  )

/**
 * Task: changes many rows in one step.
 * @throws AppError not_found, conflict
 */
export function change({ change, ...place }: ChangeInput, context: Context): Promise<Step> {
  if (change.kind === 'deal') return splitAgain(place, change, context)
  if (change.kind === 'discard') return discard(place, change.rule, context)
  if (isOfChosen(change)) return changeNamed(change, place, context)
  return rewriteRows(change, place, context)
}
