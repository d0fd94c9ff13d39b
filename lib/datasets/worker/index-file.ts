import { statSync } from 'node:fs'
import { newRowId } from '#lib/core/ids.ts'
import type { LineFacts } from '#lib/training-data/facts.ts'
import { type ImportPlan, keepsLines } from '#lib/training-data/formats/plan.ts'
import { isBlank } from '#lib/training-data/jsonl.ts'
import { ReportBuilder } from '#lib/training-data/report.ts'
import { blobPath } from '../blobs.ts'
import { behindMark } from '../line.ts'
import { allRead } from '../reading.ts'
import type { ImportCounts, Split } from '../schema.ts'
import { withBlobs } from './blob-gc.ts'
import type { Context } from './context.ts'
import { convertFile } from './convert.ts'
import { factColumns, readLine } from './facts.ts'
import { type FileLine, fileLines } from './file-lines.ts'
import { finishReport } from './report.ts'
import { bigStep, type StepWriter } from './step.ts'
import { insertRows, lastPosition, type NewRow } from './store.ts'

export interface IndexInput {
  datasetId: string
  /** An undo does not revert the creation of a dataset. */
  kind: 'create' | 'import'
  /** The file's blob. */
  sha256: string
  /** How to read it; null: its lines are the rows. */
  plan: ImportPlan | null
  split: Split | { trainRows: number }
}

export type Indexed = ImportCounts

/** Rows written, and how many of them are blank lines. */
interface Written {
  rows: number
  blank: number
}

/** Rows per short transaction. */
const BATCH = 500

const splitAt = (split: IndexInput['split'], index: number): Split =>
  typeof split === 'string' ? split : index < split.trainRows ? 'train' : 'heldout'

interface Place {
  datasetId: string
  blob: string
  position: number
  split: Split
  since: number
}

const rowOf = ({ offset, length }: FileLine, place: Place, facts: LineFacts): NewRow => ({
  key: newRowId(),
  dataset_id: place.datasetId,
  position: place.position,
  split: place.split,
  blob: place.blob,
  offset,
  length,
  line: null,
  since: place.since,
  until: null,
  ...factColumns(facts),
  review: null,
  tags_json: null,
  note: null,
})

/** A byte order mark is valid only at the start of a file: omitted after other rows. */
const withoutMark = ({ offset, length, line }: FileLine): FileLine =>
  line.bom ? { ...behindMark({ offset, length }), line: { ...line, bom: false } } : { offset, length, line }

async function writeRows(
  { datasetId, split }: IndexInput,
  blob: string,
  writer: StepWriter,
  builder: ReportBuilder | null,
  { db, tell, yieldToEventLoop }: Context,
): Promise<Written> {
  const first = lastPosition(db, datasetId) + 1
  const size = statSync(blobPath(blob)).size
  const batch: NewRow[] = []
  const keep = () => writer.write(() => insertRows(db, batch.splice(0)))
  let [added, blank] = [0, 0]
  for (const found of fileLines(blobPath(blob))) {
    const line = first === 1 ? found : withoutMark(found)
    if (line.length === 0) continue
    const place = {
      datasetId,
      blob,
      split: splitAt(split, added),
      position: first + added,
      since: writer.next,
    }
    const facts = readLine(line.line)
    batch.push(rowOf(line, place, facts))
    builder?.add(facts, place.split, () => line.line.text)
    added++
    if (isBlank(line.line.text)) blank++
    if (batch.length >= BATCH) {
      keep()
      tell((line.offset + line.length) / size)
    }
    await yieldToEventLoop()
  }
  keep()
  return { rows: added, blank }
}

async function indexBlob(input: IndexInput, blob: string, context: Context): Promise<Written> {
  // All rows of a new dataset pass here, so the report needs no second read.
  const builder = input.kind === 'create' ? new ReportBuilder() : null
  const {
    revision,
    rows,
    result: blank,
  } = await bigStep(context, input, async (writer) => {
    const written = await writeRows(input, blob, writer, builder, context)
    return { rows: written.rows, result: written.blank }
  })
  // The rows are stored. If this report fails, the next one reads them and reports why.
  if (builder) await finishReport({ datasetId: input.datasetId, revision }, builder, context).catch(() => {})
  return { rows, blank }
}

const countsOf = ({ rows, blank }: Written) => ({ added: rows - blank, blank })

/**
 * Task: makes rows of a stored file. One pass reads every line, checks it, counts its tokens and stores its place. If the
 * file has to be converted, only the converted lines are kept.
 * @throws AppError invalid when no record fits the plan, conflict while the dataset is being rewritten
 */
export const indexFile = (input: IndexInput, context: Context): Promise<Indexed> =>
  withBlobs(context, input.datasetId, async ({ use, drop }) => {
    const { sha256, plan } = input
    if (plan === null || keepsLines(plan)) {
      use(sha256)
      return { ...countsOf(await indexBlob(input, sha256, context)), ...allRead() }
    }
    drop(sha256)
    const { sha256: blob, sides, ...leftOut } = await convertFile(sha256, plan, context)
    use(blob)
    const counts = countsOf(await indexBlob({ ...input, split: sides ?? input.split }, blob, context))
    return { ...counts, ...leftOut }
  })
