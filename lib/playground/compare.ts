import { randomInt } from 'node:crypto'
import { AppError } from '#lib/core/errors.ts'
import { type Random, shuffled } from '#lib/core/random.ts'
import { firstExamples } from '#lib/datasets/examples-by-place.ts'
import { inEnglish } from '#lib/i18n/error-words.ts'
import type { Example } from '#lib/training-data/schema.ts'
import { askOnce, type Ending } from './ask.ts'
import { messagesOf } from './messages.ts'
import {
  type Answer,
  type AnswerFacts,
  type CompareChunk,
  CompareRequest,
  type Name,
  type Pane,
  type Sampling,
} from './schema.ts'
import {
  type ComparisonRecord,
  findComparison,
  insertAnswer,
  insertComparison,
  type VoteRecord,
  votesOf,
} from './store.ts'

/** A stored comparison that is ready to be asked. */
export interface Planned {
  request: CompareRequest
  /** For each place on the page the index of its pane. */
  order: number[]
  examples: Example[]
  /** Places to ask; all, unless one is asked again. */
  places: number[]
  /** Whether the names are still unknown to the user. */
  hidden: boolean
}

/** The platform's secure source: the order of the sides cannot be guessed. */
const secure: Random = () => randomInt(2 ** 32) / 2 ** 32

async function examplesFor({ panes, data }: CompareRequest): Promise<Example[]> {
  const most = Math.max(...panes.map(({ fewShot }) => fewShot))
  return data && most > 0 ? firstExamples(data.datasetId, data.versionId, most) : []
}

/**
 * Stores a comparison before anything is sent.
 * @throws AppError conflict when this comparison was asked before; not_found, invalid for its few-shot examples
 */
export async function planComparison(request: CompareRequest): Promise<Planned> {
  const examples = await examplesFor(request)
  const { panes, blind } = request
  const order = blind ? shuffled(panes.length, secure) : panes.map((_, index) => index)
  const isNew = await insertComparison({
    id: request.id,
    job_id: request.jobId,
    blind: Number(blind),
    question: request.prompt,
    request_json: JSON.stringify(request),
    order_json: JSON.stringify(order),
    created_at: Date.now(),
  })
  if (!isNew) throw new AppError('conflict', 'playground.askedBefore')
  return { request, order, examples, places: [...order.keys()], hidden: blind }
}

/** Requests were validated when they came; older ones get the defaults of newer fields. */
export const requestOf = ({ request_json }: ComparisonRecord): CompareRequest =>
  CompareRequest.parse(JSON.parse(request_json))

export const orderOf = ({ order_json }: ComparisonRecord): number[] => JSON.parse(order_json) as number[]

/** Whether a vote was not taken back. */
export const isCounted = ({ withdrawn_at }: VoteRecord): boolean => withdrawn_at === null

export const gone = () => new AppError('not_found', 'playground.gone')

/**
 * Prepares to ask one pane again, replacing its answers; also while its name is hidden.
 * @throws AppError not_found; conflict once it has a vote
 */
export async function planAgain(id: string, place: number): Promise<Planned> {
  const record = await findComparison(id)
  if (!record) throw gone()
  const votes = await votesOf([id])
  if (votes.some(isCounted)) throw new AppError('conflict', 'playground.voted')
  const request = requestOf(record)
  const hidden = request.blind && votes.length === 0
  return { request, order: orderOf(record), examples: await examplesFor(request), places: [place], hidden }
}

/** Samples of one question differ, and each can be repeated. */
const seeded = (sampling: Sampling, sample: number): Sampling =>
  sampling.seed === null ? sampling : { ...sampling, seed: (sampling.seed + sample) % 2 ** 31 }

const samplingOf = ({ temperature, topP, maxTokens, seed }: Sampling): Sampling => ({
  temperature,
  topP,
  maxTokens,
  seed,
})

export const nameOf = ({ providerId, model, fewShot }: Pane): Name => ({ providerId, model, fewShot })

/** The facts of an answer that do not reveal its model. */
export const blinded = ({ finishReason, answeredAt }: Partial<AnswerFacts>): Partial<AnswerFacts> => ({
  finishReason,
  answeredAt,
})

/** An error names its provider: a blind comparison shows only that there was one. */
export const blindError = {
  code: 'provider_refused' as const,
  ...inEnglish('playground.blind'),
  param: null,
  facts: null,
}

function chunkOf({ place, sample, state, facts, error }: Answer): CompareChunk | null {
  if (state === 'failed' && error) return { type: 'failed', place, sample, error }
  if (state === 'interrupted') return { type: 'interrupted', place, sample, facts, error }
  return state === 'finished' ? { type: 'finished', place, sample, facts } : null
}

const wireOf = (error: AppError | null) => error?.toWire().error ?? null

function shown(at: { place: number; sample: number }, ending: Ending, blind: boolean): Answer {
  const { state, text, tokens } = ending
  const error = wireOf(ending.error)
  if (!blind) return { ...at, state, text, facts: ending.facts, error, tokens }
  return { ...at, state, text, facts: blinded(ending.facts), error: error && blindError, tokens: [] }
}

interface Task extends Planned {
  pane: Pane
  place: number
  sample: number
}

async function answer(
  { request, examples, pane, place, sample, hidden }: Task,
  send: (chunk: CompareChunk) => void,
  signal: AbortSignal,
): Promise<void> {
  const at = { place, sample }
  send({ type: 'began', ...at, name: hidden ? null : nameOf(pane) })
  const { providerId, model, fewShot } = pane
  const messages = messagesOf(request, pane, examples.slice(0, fewShot))
  const sampling = seeded(samplingOf(pane.sampling ?? request), sample)
  const ask = { providerId, model, messages, sampling, probabilities: 'live' as const }
  const ending = await askOnce(ask, 'compare', signal, (news) => {
    if (!hidden) send({ ...news, ...at })
    else if (news.type === 'token') send({ ...news, tokens: undefined, ...at })
  })
  await insertAnswer({
    comparison_id: request.id,
    ...at,
    provider_id: providerId,
    model,
    few_shot: fewShot,
    state: ending.state,
    text: ending.text,
    facts_json: JSON.stringify(ending.facts),
    error_json: ending.error && JSON.stringify(wireOf(ending.error)),
    ended_at: ending.facts.answeredAt,
    tokens_json: ending.tokens.length === 0 ? null : JSON.stringify(ending.tokens),
  })
  const last = chunkOf(shown(at, ending, hidden))
  if (last) send(last)
}

function tasksOf(planned: Planned): Task[] {
  const { request, order, places } = planned
  return places.flatMap((place) => {
    const pane = request.panes[order[place] ?? -1]
    if (!pane) return []
    return Array.from({ length: request.samples }, (_, sample) => ({ ...planned, pane, place, sample }))
  })
}

/** Asks every pane at once and sends each chunk as it comes: no pane waits for another, even when one fails. */
export async function runComparison(
  planned: Planned,
  send: (chunk: CompareChunk) => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(tasksOf(planned).map((task) => answer(task, send, signal)))
}
