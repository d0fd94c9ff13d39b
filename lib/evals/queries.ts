import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { asking } from '#lib/http/fetch.ts'
import type { Grader } from './graders/schema.ts'
import type { RecordedDataset, RecordingDraft } from './recording-schema.ts'
import type {
  EvalDraft,
  EvalDraftInput,
  EvalEstimate,
  EvalList,
  EvalPage,
  EvalQuery,
  FixDraft,
  LanePrices,
  ResumeDraft,
} from './schema.ts'

const ask = asking(async () => ({
  ...(await import('#lib/datasets/schema.ts')),
  ...(await import('./cost-schema.ts')),
  ...(await import('./graders/schema.ts')),
  ...(await import('./schema.ts')),
}))

const search = (values: Record<string, string | number | undefined>): string => {
  const set = Object.entries(values).filter(([, value]) => value !== undefined)
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`
}

const at = (evalId: string, rest = ''): string => `/api/evals/${encodeURIComponent(evalId)}${rest}`

/** Evaluations of a dataset or a job, or all; newest first. */
export const evalsQuery = (query: EvalList = {}) =>
  queryOptions({
    queryKey: ['evals', 'list', query],
    queryFn: ({ signal }) =>
      ask(({ EvalSummary }) => EvalSummary.array(), `/api/evals${search(query)}`, { signal }),
  })

/** An evaluation and a page of its rows; the event stream keeps it fresh. */
export const evalQuery = (evalId: string, query: EvalQuery = {}) =>
  queryOptions({
    queryKey: ['evals', evalId, query],
    queryFn: ({ signal }) => ask(({ EvalPage }) => EvalPage, at(evalId, search(query)), { signal }),
  })

/** The rows of an evaluation whose answers are on a job's report. */
export const REPORTED = { limit: 5 }

/** Scores of a job's checkpoints. */
export const scoresQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['evals', 'scores', jobId],
    queryFn: ({ signal }) =>
      ask(({ Scores }) => Scores, `/api/evals/scores${search({ job: jobId })}`, { signal }),
  })

/** The quiz of a job; null where there is none. */
export const quizQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['evals', 'quiz', jobId],
    queryFn: ({ signal }) =>
      ask(({ Quiz }) => Quiz.nullable(), `/api/evals/quiz${search({ job: jobId })}`, { signal }),
  })

export const startQuizMutation = (jobId: string) =>
  mutationOptions({
    mutationFn: () => ask(({ Quiz }) => Quiz, '/api/evals/quiz', { method: 'POST', body: { job: jobId } }),
    onSettled: (_quiz, _error, _wish, _result, { client }) =>
      client.invalidateQueries({ queryKey: ['evals'] }),
  })

/** Fixes of a dataset since its newest version. */
export const fixesQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['evals', 'fixes', datasetId],
    queryFn: ({ signal }) =>
      ask(({ Fixes }) => Fixes, `/api/evals/fixes${search({ dataset: datasetId })}`, { signal }),
  })

export const fixAnswerMutation = ({ id, datasetId }: Pick<EvalPage, 'id' | 'datasetId'>) =>
  mutationOptions({
    mutationFn: (body: FixDraft) => ask(({ Fix }) => Fix, at(id, '/fix'), { method: 'POST', body }),
    onSettled: (fix, _error, _body, _result, { client }) => {
      client.setQueryData(fixesQuery(datasetId).queryKey, fix?.fixes)
      void client.invalidateQueries({ queryKey: ['evals', id] })
      void client.invalidateQueries({ queryKey: datasetsQuery().queryKey })
    },
  })

/** The default graders of a dataset. */
export const gradersQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['evals', 'graders', datasetId],
    queryFn: ({ signal }) =>
      ask(({ Grader }) => Grader.array(), `/api/evals/graders${search({ dataset: datasetId })}`, { signal }),
  })

/** Grades a text with one of the evaluations' graders. */
export const gradeQuery = (grader: Grader, answer: string) =>
  queryOptions({
    queryKey: ['evals', 'grade', grader, answer],
    queryFn: ({ signal }) =>
      ask(({ Grade }) => Grade, '/api/evals/grade', { method: 'POST', body: { grader, answer }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export interface WorthChoice {
  k: number
  callsPerDay: number
  /** Micro-dollars. */
  training?: number
  prices?: LanePrices
}

/** What fine-tuning costs and saves compared with the base model. */
export const worthQuery = (evalId: string, { k, callsPerDay, training, prices }: WorthChoice) =>
  queryOptions({
    queryKey: ['evals', evalId, 'worth', k, callsPerDay, training, prices],
    queryFn: ({ signal }) => {
      const query = { k, callsPerDay, training, prices: prices && JSON.stringify(prices) }
      return ask(({ Worth }) => Worth, at(evalId, `/worth${search(query)}`), { signal })
    },
  })

/** @throws AppError */
export const estimateRecording = (body: RecordingDraft, signal?: AbortSignal): Promise<EvalEstimate> =>
  ask(({ EvalEstimate }) => EvalEstimate, '/api/evals/recordings/estimate', { method: 'POST', body, signal })

const whole = async (draft: EvalDraftInput): Promise<EvalDraft> =>
  (await import('./schema.ts')).EvalDraft.parse(draft)

/** @throws AppError */
export const estimateEval = async (draft: EvalDraftInput, signal?: AbortSignal): Promise<EvalEstimate> =>
  ask(({ EvalEstimate }) => EvalEstimate, '/api/evals/estimate', {
    method: 'POST',
    body: await whole(draft),
    signal,
  })

const evalMutation = <Wish = void>(mutationFn: (wish: Wish) => Promise<EvalPage>) =>
  mutationOptions({
    mutationFn,
    onSettled: (_page, _error, _wish, _result, { client }) =>
      client.invalidateQueries({ queryKey: ['evals'] }),
  })

export const startEvalMutation = () =>
  evalMutation(async (draft: EvalDraftInput) =>
    ask(({ EvalPage }) => EvalPage, '/api/evals', { method: 'POST', body: await whole(draft) }),
  )

export const startRecordingMutation = () =>
  evalMutation((body: RecordingDraft) =>
    ask(({ EvalPage }) => EvalPage, '/api/evals/recordings', { method: 'POST', body }),
  )

/** @returns the evaluations that are left */
export const deleteRecordingMutation = (evalId: string) =>
  mutationOptions({
    mutationFn: () => ask(({ EvalSummary }) => EvalSummary.array(), at(evalId), { method: 'DELETE' }),
    onSettled: (left, _error, _none, _result, { client }) => client.setQueryData(evalsQuery().queryKey, left),
  })

/** Makes a dataset of a recording. */
export const recordedDatasetMutation = (evalId: string) =>
  mutationOptions({
    mutationFn: (body: RecordedDataset) =>
      ask(({ DatasetSummary }) => DatasetSummary, at(evalId, '/dataset'), { method: 'POST', body }),
    // The form that comes next needs the list with the new dataset.
    onSettled: (_dataset, _error, _body, _result, { client }) =>
      client.invalidateQueries({ queryKey: datasetsQuery().queryKey, exact: true, refetchType: 'all' }),
  })

export const stopEvalMutation = (evalId: string) =>
  evalMutation(() => ask(({ EvalPage }) => EvalPage, at(evalId, '/stop'), { method: 'POST' }))

export const resumeEvalMutation = (evalId: string) =>
  evalMutation((body: ResumeDraft) =>
    ask(({ EvalPage }) => EvalPage, at(evalId, '/resume'), { method: 'POST', body }),
  )

/** Addresses of downloads. */
export const csvAddress = (evalId: string): string => at(evalId, '/csv')
export const linesAddress = (evalId: string): string => at(evalId, '/jsonl')
export const cardAddress = (jobId: string): string => `/api/evals/card${search({ job: jobId })}`
export const reportAddress = (jobId: string): string => `/jobs/${encodeURIComponent(jobId)}/report`
