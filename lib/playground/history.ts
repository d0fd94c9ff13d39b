import { blindError, blinded, gone, isCounted, nameOf, orderOf, requestOf } from './compare.ts'
import {
  type Answer,
  type AnswerState,
  type AnswerToken,
  type Comparison,
  type History,
  HistoryQuery,
  type Vote,
} from './schema.ts'
import {
  answersOf,
  type BareAnswer,
  type ComparisonRecord,
  comparisonsBefore,
  deleteComparison,
  findComparison,
  tokensOf,
  type VoteRecord,
  votesOf,
} from './store.ts'

function answerOf(record: BareAnswer, hidden: boolean): Answer {
  const facts = record.facts_json === null ? {} : (JSON.parse(record.facts_json) as Answer['facts'])
  const error = record.error_json === null ? null : (JSON.parse(record.error_json) as Answer['error'])
  const { place, sample, text } = record
  return {
    place,
    sample,
    state: record.state as AnswerState,
    text,
    facts: hidden ? blinded(facts) : facts,
    error: hidden ? error && blindError : error,
    tokens: [],
  }
}

const voteOf = ({ sample, winner, blind, created_at }: VoteRecord): Vote => ({
  sample,
  winner,
  blind: blind === 1,
  at: Number(created_at),
})

function comparisonOf(
  record: ComparisonRecord,
  answers: readonly BareAnswer[],
  votes: readonly VoteRecord[],
): Comparison {
  const { system, prompt, samples, temperature, topP, maxTokens, seed, panes } = requestOf(record)
  const blind = record.blind === 1
  const hidden = blind && votes.length === 0
  return {
    id: record.id,
    at: Number(record.created_at),
    jobId: record.job_id,
    blind,
    hidden,
    question: { system, prompt, samples, temperature, topP, maxTokens, seed },
    panes: orderOf(record).flatMap((index) => {
      const pane = panes[index]
      if (!pane) return []
      // Earlier messages differ from model to model and would reveal them.
      return hidden
        ? [{ name: null, sampling: null, earlier: [] }]
        : [{ name: nameOf(pane), sampling: pane.sampling, earlier: pane.earlier }]
    }),
    answers: answers.map((answer) => answerOf(answer, hidden)),
    votes: votes.filter(isCounted).map(voteOf),
  }
}

async function comparisonsOf(records: readonly ComparisonRecord[]): Promise<Comparison[]> {
  if (records.length === 0) return []
  const ids = records.map(({ id }) => id)
  const [answers, votes] = await Promise.all([answersOf(ids), votesOf(ids)])
  const mine = <Row extends { comparison_id: string }>(rows: readonly Row[], id: string) =>
    rows.filter(({ comparison_id }) => comparison_id === id)
  return records.map((record) => comparisonOf(record, mine(answers, record.id), mine(votes, record.id)))
}

/**
 * A stored comparison; names are hidden in a blind one without a vote.
 * @throws AppError not_found
 */
export async function getComparison(id: string): Promise<Comparison> {
  const record = await findComparison(id)
  const [comparison] = record ? await comparisonsOf([record]) : []
  if (!comparison) throw gone()
  if (comparison.hidden) return comparison
  const tokens = new Map(
    (await tokensOf(id)).map(({ place, sample, tokens_json }) => [`${place} ${sample}`, tokens_json]),
  )
  const answers = comparison.answers.map((answer) => ({
    ...answer,
    tokens: JSON.parse(tokens.get(`${answer.place} ${answer.sample}`) ?? '[]') as AnswerToken[],
  }))
  return { ...comparison, answers }
}

/** Past comparisons, newest first, a page at a time. */
export async function listHistory(query: HistoryQuery = {}): Promise<History> {
  const { after, limit } = HistoryQuery.parse(query)
  const [at = '', id = ''] = after?.split('.') ?? []
  const records = await comparisonsBefore(after ? { at: Number(at), id } : null, limit + 1)
  const shown = records.slice(0, limit)
  const last = records.length > limit ? shown.at(-1) : undefined
  return {
    comparisons: await comparisonsOf(shown),
    next: last ? `${last.created_at}.${last.id}` : null,
  }
}

/** @throws AppError not_found */
export async function forgetComparison(id: string): Promise<{ id: string }> {
  if (!(await deleteComparison(id))) throw gone()
  return { id }
}
