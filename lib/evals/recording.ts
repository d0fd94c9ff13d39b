import { AppError } from '#lib/core/errors.ts'
import { importDataset } from '#lib/datasets/import.ts'
import type { DatasetSummary, Split } from '#lib/datasets/schema.ts'
import { findDataset } from '#lib/datasets/store.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import type { Messages } from '#lib/playground/messages.ts'
import { MOST_ROWS, RECORDING } from './constants.ts'
import { eraseEvals } from './delete-store.ts'
import { estimateOf } from './estimate.ts'
import { columnsIn, listEvals } from './get.ts'
import { type Plan, planOfRows } from './plan.ts'
import type { RecordedDataset, RecordingDraft } from './recording-schema.ts'
import { lastPlace, recordedAnswers, recordedFrom } from './recording-store.ts'
import { type Askable, askableRows, guessed, type Unaskable } from './rows.ts'
import type { EvalDraft, EvalEstimate, EvalPage, EvalSummary } from './schema.ts'
import { startEval } from './start.ts'
import { type EvalRecord, findEval } from './store.ts'

interface Found {
  rows: Askable[]
  excluded: Unaskable[]
}

/** Moves the places behind those that are taken: a recording numbers the rows of several splits through. */
const after = (taken: number, { rows, excluded }: Found): Found => ({
  rows: rows.map((row) => ({ ...row, place: taken + row.place })),
  excluded: excluded.map((row) => ({ ...row, place: taken + row.place })),
})

const endOf = ({ rows, excluded }: Found): number =>
  Math.max(-1, ...rows.map(({ place }) => place), ...excluded.map(({ place }) => place)) + 1

const together = (a: Found, b: Found): Found => ({
  rows: [...a.rows, ...b.rows],
  excluded: [...a.excluded, ...b.excluded],
})

/** The rows of the dataset as they are now. @throws AppError not_found */
async function datasetRows({ datasetId, splits, rows: most }: RecordingDraft): Promise<Found> {
  let found: Found = { rows: [], excluded: [] }
  if (datasetId === null) return found
  const { revision } = await findDataset(datasetId)
  // Analyses rows that are still unread: the estimate needs their tokens.
  await getDatasetSummary(datasetId)
  for (const split of new Set<Split>(splits))
    found = together(found, after(endOf(found), await askableRows({ datasetId, revision, split }, most)))
  return found
}

/** One prompt in each line. Nobody knows how long the answers will be, so the estimate takes the longest. */
function writtenRows({ prompts, system, maxTokens }: RecordingDraft): Found {
  const instructions: Messages = system.trim() === '' ? [] : [{ role: 'system', content: system }]
  const lines = prompts.split('\n').flatMap((line) => line.trim() || [])
  const rows = lines.map((content, place): Askable => {
    const messages: Messages = [...instructions, { role: 'user', content }]
    const promptTokens = guessed(JSON.stringify(messages))
    const key = `prompt_${place + 1}`
    return { place, key, promptHash: null, messages, expected: '', promptTokens, answerTokens: maxTokens }
  })
  return { rows, excluded: [] }
}

async function planOfRecording(recording: RecordingDraft, draft: EvalDraft): Promise<Plan> {
  const found = await datasetRows(recording)
  const { rows, excluded } = together(found, after(endOf(found), writtenRows(recording)))
  if (rows.length > MOST_ROWS)
    throw new AppError('invalid', ['evals.tooManyPrompts', { found: rows.length, most: MOST_ROWS }], {
      param: 'prompts',
    })
  return planOfRows(draft, rows, excluded)
}

/** The recording as an evaluation: a column for each answer to a prompt, and nothing that scores them. */
function draftOf({
  id,
  providerId,
  model,
  greedy,
  samples,
  maxTokens,
  confirmed,
}: RecordingDraft): EvalDraft {
  const at = (temperature: number, seed: number) => ({
    ...{ providerId, model, label: '', fewShot: 0 },
    sampling: { temperature, seed },
  })
  const sampled = Array.from({ length: samples }, (_, index) => at(1, index + 1))
  return {
    ...{ id, datasetId: RECORDING, versionId: null, split: 'heldout', rows: MOST_ROWS, jobId: null },
    ...{ columns: [...(greedy ? [at(0, 0)] : []), ...sampled], graders: [], exact: false, confirmed },
    sampling: { temperature: 0, topP: null, maxTokens, seed: 0 },
  }
}

/**
 * Estimates a recording. Nothing is asked.
 * @throws AppError not_found for a dataset or provider that is not here; invalid for more than 1,000 prompts
 */
export async function estimateRecording(recording: RecordingDraft): Promise<EvalEstimate> {
  const draft = draftOf(recording)
  return estimateOf(draft, await planOfRecording(recording, draft))
}

/**
 * Starts a recording; the studio then works on it in the background. The same draft twice is one recording.
 * @throws AppError as `estimateRecording`; conflict when its id stands for another draft; needs_confirmation; invalid
 * when no prompt can be asked
 */
export const startRecording = (recording: RecordingDraft): Promise<EvalPage> =>
  startEval(draftOf(recording), {
    request: recording,
    makePlan: (draft) => planOfRecording(recording, draft),
  })

/** @throws AppError not_found for an evaluation that is none */
async function findRecording(evalId: string) {
  const record = await findEval(evalId)
  if (record.dataset_id !== RECORDING)
    throw new AppError('not_found', 'evals.noRecording', { param: 'evalId' })
  return record
}

/**
 * Makes a dataset of a recording: each prompt with the first answer that was recorded, as held-out rows. An evaluation on
 * it compares a successor with what the model said.
 * @throws AppError not_found; invalid while nothing is recorded
 */
export async function datasetOfRecording(evalId: string, { name }: RecordedDataset): Promise<DatasetSummary> {
  await findRecording(evalId)
  const lines = (await recordedAnswers(evalId)).map(({ messages_json, text }) => {
    const messages = [...JSON.parse(messages_json), { role: 'assistant', content: text }]
    return `${JSON.stringify({ messages })}\n`
  })
  if (lines.length === 0) throw new AppError('invalid', 'evals.nothingRecorded')
  const source = new Blob(lines).stream()
  const { id } = await importDataset({ name, source, length: null, split: 'heldout' })
  return getDatasetSummary(id)
}

/** Rows read at once: an answer may have thousands of tokens. */
const PAGE = 20

async function* linesOf(record: EvalRecord): AsyncGenerator<string> {
  const columns = columnsIn(record)
  const last = await lastPlace(record.id)
  for (let place = 0; place <= last; place += PAGE)
    for (const found of await recordedFrom(record.id, place, PAGE)) {
      const { model, sampling } = columns[found.column_index] ?? {}
      yield `${JSON.stringify({
        messages: JSON.parse(found.messages_json),
        answer: found.text,
        expected: found.expected === '' ? null : found.expected,
        model,
        reported_model: found.reported_model,
        ...{ temperature: sampling?.temperature, seed: sampling?.seed, finish_reason: found.finish_reason },
        answered_at: found.ended_at === null ? null : new Date(Number(found.ended_at)).toISOString(),
        tokens: found.tokens_json === null ? null : JSON.parse(found.tokens_json),
      })}\n`
    }
}

/**
 * A recording as JSON Lines: each answer with its prompt, how it was sampled and, where the provider told them, the
 * probabilities of its tokens.
 * @throws AppError not_found, before the first line
 */
export const recordingLines = async (evalId: string): Promise<AsyncGenerator<string>> =>
  linesOf(await findRecording(evalId))

/**
 * Deletes a recording for good, with the answers that no evaluation uses.
 * @returns the evaluations that are left
 * @throws AppError not_found; conflict while it is under way
 */
export async function deleteRecording(evalId: string): Promise<EvalSummary[]> {
  const { state } = await findRecording(evalId)
  if (state === 'running' || state === 'paused') throw new AppError('conflict', 'evals.stillRecording')
  await eraseEvals([evalId])
  return listEvals({})
}
