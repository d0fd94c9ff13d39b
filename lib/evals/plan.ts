import { createHash } from 'node:crypto'
import { AppError } from '#lib/core/errors.ts'
import { promptsAmong } from '#lib/datasets/revision-rows-store.ts'
import { findDataset } from '#lib/datasets/store.ts'
import { revisionOf } from '#lib/datasets/versions-store.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { makerOf } from '#lib/jobs/models-store.ts'
import { splitOf } from '#lib/jobs/view.ts'
import type { Messages } from '#lib/playground/messages.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { checkGrader } from './graders/client.ts'
import { type Askable, askableRows, type Place, type Unaskable } from './rows.ts'
import type { Column, ColumnKind, EvalDraft } from './schema.ts'

/** A column with what is known of its model, for good. */
export interface PinnedColumn extends Column {
  kind: ColumnKind
  jobId: string | null
  step: number | null
  /** Row keys of the examples in its prompts. */
  examples: string[]
}

/** An example that stands in prompts: its turns, without the instructions. */
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
  shots: FewShotExample[]
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
 * The first training rows of a revision as examples for prompts: always the same ones.
 * @throws AppError invalid where there are fewer
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

/** The rows that a column's model was trained on. */
const trainedOn = (maker: Maker): Place | null =>
  maker && maker.dataset_id !== null && maker.revision !== null
    ? { datasetId: maker.dataset_id, revision: maker.revision, split: splitOf(maker.request_json) }
    : null

function distinct(places: readonly (Place | null)[]): Place[] {
  const known = new Map(places.flatMap((place) => (place ? [[JSON.stringify(place), place]] : [])))
  return [...known.values()] as Place[]
}

/** A model that was trained on a prompt, or reads its answer in the question, proves nothing by knowing it. */
function spoiltBy(trained: readonly Place[], shots: readonly FewShotExample[]) {
  const shown = new Set(shots.flatMap(({ promptHash }) => promptHash ?? []))
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
 * Reads the rows, the examples and where each model comes from.
 * @throws AppError not_found for a dataset, version or provider that is not here; invalid for a grader that cannot be
 * used, and for fewer training rows than a column wants to show
 */
export async function planOf(draft: EvalDraft): Promise<Plan> {
  for (const grader of draft.graders) await checkGrader(grader)
  const { datasetId, versionId, split } = draft
  const { revision: now } = await findDataset(datasetId)
  const revision = versionId === null ? now : await revisionOf(datasetId, versionId)
  // Reads the rows that nobody has read yet: tokens and prompts are compared below.
  await getDatasetSummary(datasetId)
  const where = { datasetId, revision, split }
  const makers = await Promise.all(draft.columns.map(({ providerId, model }) => makerOf(providerId, model)))
  const shots = await fewShotExamples(where, Math.max(...draft.columns.map(({ fewShot }) => fewShot)))
  const columns = draft.columns.map((column, index): PinnedColumn => {
    const maker = makers[index]
    endpoint(column.providerId)
    return {
      ...column,
      label: column.label || column.model,
      kind: kindOf(column, maker),
      jobId: maker?.id ?? null,
      step: maker?.step ?? null,
      examples: shots.slice(0, column.fewShot).map(({ key }) => key),
    }
  })
  // Of trained rows everyone knows that they were trained on; an example in the prompt gives its own answer away there too.
  const trained = split === 'train' ? [] : distinct(makers.map(trainedOn))
  const spoilt = spoiltBy(trained, shots)
  return { where, columns, shots, ...(await askableRows(where, draft.rows, spoilt)) }
}

/** What a column is asked about a row: instructions, examples, and the turns of the row. */
export function messagesFor(
  row: Messages,
  { fewShot }: Pick<Column, 'fewShot'>,
  shots: readonly Pick<FewShotExample, 'turns'>[],
): Messages {
  const instructions = row.filter(isInstruction)
  const turns = row.filter((turn) => !isInstruction(turn))
  return fewShot === 0
    ? row
    : [...instructions, ...shots.slice(0, fewShot).flatMap((shot) => shot.turns), ...turns]
}

/** SHA-256 of everything that an answer depends on, the provider's address included. */
export function answerHash(
  { providerId, model }: Pick<Column, 'providerId' | 'model'>,
  messages: Messages,
  { temperature, topP, maxTokens, seed }: EvalDraft['sampling'],
): string {
  const { address } = endpoint(providerId).provider
  const everything = [providerId, address, model, messages, temperature, topP, maxTokens, seed]
  return createHash('sha256').update(JSON.stringify(everything)).digest('hex')
}
