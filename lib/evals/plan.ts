import { createHash } from 'node:crypto'
import { AppError } from '#lib/core/errors.ts'
import { promptsAmong } from '#lib/datasets/revision-rows-store.ts'
import { findDataset } from '#lib/datasets/store.ts'
import { revisionOf } from '#lib/datasets/versions-store.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { makerOf } from '#lib/jobs/models-store.ts'
import { splitOf } from '#lib/jobs/view.ts'
import type { Messages } from '#lib/playground/messages.ts'
import type { Sampling } from '#lib/playground/schema.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { checkGrader } from './graders/client.ts'
import { type Askable, askableRows, type Place, type Unaskable } from './rows.ts'
import type { Column, ColumnKind, EvalDraft } from './schema.ts'

/** A column with facts of its model, fixed when the evaluation starts. */
export interface PinnedColumn extends Column {
  kind: ColumnKind
  jobId: string | null
  step: number | null
  /** Row keys of the examples in its prompts. */
  examples: string[]
}

/** A few-example example: its turns, without the system prompt. */
export interface FewShotExample {
  key: string
  turns: Messages
  tokens: number
  promptHash: number | null
}

/** Everything that an evaluation will ask, fixed. */
export interface Plan {
  where: Place
  columns: PinnedColumn[]
  examples: FewShotExample[]
  rows: Askable[]
  excluded: Unaskable[]
}

type Maker = Awaited<ReturnType<typeof makerOf>>

function kindOf({ model, fewShot }: Column, maker: Maker): ColumnKind {
  if (maker) return fewShot > 0 ? 'other' : maker.final ? 'final' : 'checkpoint'
  if (/^ft:/.test(model)) return 'other'
  return fewShot > 0 ? 'fewShot' : 'base'
}

const isInstruction = ({ role }: Messages[number]): boolean => role === 'system' || role === 'developer'

/**
 * The first training rows of a revision as few-example examples: always the same ones.
 * @throws AppError invalid when there are fewer
 */
export async function fewShotExamples(
  { datasetId, revision }: Place,
  count: number,
): Promise<FewShotExample[]> {
  if (count === 0) return []
  const { rows } = await askableRows({ datasetId, revision, split: 'train' }, count)
  if (rows.length < count)
    throw new AppError('invalid', ['datasets.tooFewExamples', { found: rows.length, count }], {
      param: 'columns',
    })
  return rows.map(({ key, messages, expected, promptHash, promptTokens, answerTokens }) => ({
    key,
    turns: [...messages.filter((turn) => !isInstruction(turn)), { role: 'assistant', content: expected }],
    tokens: promptTokens + answerTokens,
    promptHash,
  }))
}

/** @throws AppError not_found for a provider that is not here */
function pinned(column: Column, maker: Maker, examples: readonly FewShotExample[]): PinnedColumn {
  endpoint(column.providerId)
  return {
    ...column,
    label: column.label || column.model,
    kind: kindOf(column, maker),
    jobId: maker?.id ?? null,
    step: maker?.step ?? null,
    examples: examples.slice(0, column.fewShot).map(({ key }) => key),
  }
}

/** The rows that a column's model was trained on. */
const trainedOn = (maker: Maker): Place | null =>
  maker && maker.dataset_id !== null && maker.revision !== null
    ? { datasetId: maker.dataset_id, revision: maker.revision, split: splitOf(maker.request_json) }
    : null

function distinct(places: readonly (Place | null)[]): Place[] {
  const known = new Map(places.flatMap((place) => (place ? [[JSON.stringify(place), place]] : [])))
  return [...known.values()] as Place[]
}

/** Rows that prove nothing: their prompt was trained on, or is among the examples with its answer. */
function spoiltBy(trained: readonly Place[], examples: readonly FewShotExample[]) {
  const shown = new Set(examples.flatMap(({ promptHash }) => promptHash ?? []))
  return async (rows: readonly Askable[]): Promise<Set<string>> => {
    const seen = new Set(shown)
    const prompts = rows.flatMap(({ promptHash }) => promptHash ?? [])
    for (const place of trained) for (const hash of await promptsAmong(prompts, place)) seen.add(hash)
    return new Set(
      rows.flatMap(({ key, promptHash }) => (promptHash !== null && seen.has(promptHash) ? key : [])),
    )
  }
}

/**
 * Reads the rows, the examples and each model's origin.
 * @throws AppError not_found for a dataset, version or provider that is not here; invalid for a grader that cannot be
 * used, and when there are fewer training rows than a column needs as examples
 */
export async function planOf(draft: EvalDraft): Promise<Plan> {
  for (const grader of draft.graders) await checkGrader(grader)
  const { datasetId, versionId, split } = draft
  const { revision: now } = await findDataset(datasetId)
  const revision = versionId === null ? now : await revisionOf(datasetId, versionId)
  // Analyses rows that are still unread: tokens and prompts are compared below.
  await getDatasetSummary(datasetId)
  const where = { datasetId, revision, split }
  const makers = await Promise.all(draft.columns.map(({ providerId, model }) => makerOf(providerId, model)))
  const examples = await fewShotExamples(where, Math.max(...draft.columns.map(({ fewShot }) => fewShot)))
  const columns = draft.columns.map((column, index) => pinned(column, makers[index], examples))
  // An evaluation on training rows is meant to ask trained rows; examples in the prompt are left out even there.
  const trained = split === 'train' ? [] : distinct(makers.map(trainedOn))
  const spoilt = spoiltBy(trained, examples)
  return { where, columns, examples, ...(await askableRows(where, draft.rows, spoilt)) }
}

/** The plan of an evaluation whose rows are in no dataset, and have no training rows to take examples from. */
export async function planOfRows(
  draft: EvalDraft,
  rows: Askable[],
  excluded: Unaskable[] = [],
): Promise<Plan> {
  const columns: PinnedColumn[] = []
  for (const column of draft.columns)
    columns.push(pinned(column, await makerOf(column.providerId, column.model), []))
  const { datasetId, split } = draft
  return { where: { datasetId, revision: 0, split }, columns, examples: [], rows, excluded }
}

/** The messages for a row and column: system prompt, examples, and the turns of the row. */
export function messagesFor(
  row: Messages,
  { fewShot }: Pick<Column, 'fewShot'>,
  examples: readonly Pick<FewShotExample, 'turns'>[],
): Messages {
  const instructions = row.filter(isInstruction)
  const turns = row.filter((turn) => !isInstruction(turn))
  return fewShot === 0
    ? row
    : [...instructions, ...examples.slice(0, fewShot).flatMap((example) => example.turns), ...turns]
}

/** How a column's answers are sampled: as the evaluation says, but for what the column has of its own. */
export const samplingOf = (
  { sampling: own }: Pick<Column, 'sampling'>,
  { sampling }: Pick<EvalDraft, 'sampling'>,
): Sampling => ({ ...sampling, ...own })

/** SHA-256 of everything that an answer depends on, the provider's address included. */
export function answerHash(
  column: Pick<Column, 'providerId' | 'model' | 'sampling'>,
  messages: Messages,
  draft: Pick<EvalDraft, 'sampling' | 'exact'>,
): string {
  const { providerId, model } = column
  const { temperature, topP, maxTokens, seed } = samplingOf(column, draft)
  const { address } = endpoint(providerId).provider
  const everything = [providerId, address, model, messages, temperature, topP, maxTokens, seed]
  // Appended, so that older answers are still found.
  if (draft.exact && providerId === 'embedded') everything.push('exact')
  return createHash('sha256').update(JSON.stringify(everything)).digest('hex')
}
