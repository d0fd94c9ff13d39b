import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { DatasetSummary } from '#lib/datasets/schema.ts'
import { ask } from '#lib/http/fetch.ts'
import { Worth } from './cost-schema.ts'
import { Grade, Grader } from './graders/schema.ts'
import type { RecordedDataset, RecordingDraft } from './recording-schema.ts'
import {
  EvalDraft,
  type EvalDraftInput,
  EvalEstimate,
  type EvalList,
  EvalPage,
  type EvalQuery,
  EvalSummary,
  Fix,
  type FixDraft,
  Fixes,
  type LanePrices,
  Quiz,
  type ResumeDraft,
  Scores,
} from './schema.ts'

const search = (values: Record<string, string | number | undefined>): string => {
  const set = Object.entries(values).filter(([, value]) => value !== undefined)
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`
}

const at = (evalId: string, rest = ''): string => `/api/evals/${encodeURIComponent(evalId)}${rest}`

/** Evaluations of a dataset or a job, or all; newest first. */
export const evalsQuery = (query: EvalList = {}) =>
  queryOptions({
    queryKey: ['evals', 'list', query],
    queryFn: ({ signal }) => ask(z.array(EvalSummary), `/api/evals${search(query)}`, { signal }),
  })

/** An evaluation and a page of its rows; the event stream keeps it fresh. */
export const evalQuery = (evalId: string, query: EvalQuery = {}) =>
  queryOptions({
    queryKey: ['evals', evalId, query],
    queryFn: ({ signal }) => ask(EvalPage, at(evalId, search(query)), { signal }),
  })

/** The rows of an evaluation whose answers are on a job's report. */
export const REPORTED = { limit: 5 }

/** Scores of a job's checkpoints. */
export const scoresQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['evals', 'scores', jobId],
    queryFn: ({ signal }) => ask(Scores, `/api/evals/scores${search({ job: jobId })}`, { signal }),
  })

/** The quiz of a job; null where there is none. */
export const quizQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['evals', 'quiz', jobId],
    queryFn: ({ signal }) => ask(Quiz.nullable(), `/api/evals/quiz${search({ job: jobId })}`, { signal }),
  })

export const startQuizMutation = (jobId: string) =>
  mutationOptions({
    mutationFn: () => ask(Quiz, '/api/evals/quiz', { method: 'POST', body: { job: jobId } }),
    onSettled: (_quiz, _error, _wish, _result, { client }) =>
      client.invalidateQueries({ queryKey: ['evals'] }),
  })

/** Fixes of a dataset since its newest version. */
export const fixesQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['evals', 'fixes', datasetId],
    queryFn: ({ signal }) => ask(Fixes, `/api/evals/fixes${search({ dataset: datasetId })}`, { signal }),
  })

export const fixAnswerMutation = ({ id, datasetId }: Pick<EvalPage, 'id' | 'datasetId'>) =>
  mutationOptions({
    mutationFn: (body: FixDraft) => ask(Fix, at(id, '/fix'), { method: 'POST', body }),
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
      ask(z.array(Grader), `/api/evals/graders${search({ dataset: datasetId })}`, { signal }),
  })

/** Grades a text with one of the evaluations' graders. */
export const gradeQuery = (grader: Grader, answer: string) =>
  queryOptions({
    queryKey: ['evals', 'grade', grader, answer],
    queryFn: ({ signal }) =>
      ask(Grade, '/api/evals/grade', { method: 'POST', body: { grader, answer }, signal }),
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
      return ask(Worth, at(evalId, `/worth${search(query)}`), { signal })
    },
  })

/** @throws AppError */
export const estimateRecording = (body: RecordingDraft, signal?: AbortSignal): Promise<EvalEstimate> =>
  ask(EvalEstimate, '/api/evals/recordings/estimate', { method: 'POST', body, signal })

/** @throws AppError */
export const estimateEval = (draft: EvalDraftInput, signal?: AbortSignal): Promise<EvalEstimate> =>
  ask(EvalEstimate, '/api/evals/estimate', { method: 'POST', body: EvalDraft.parse(draft), signal })

const evalMutation = <Wish = void>(mutationFn: (wish: Wish) => Promise<EvalPage>) =>
  mutationOptions({
    mutationFn,
    onSettled: (_page, _error, _wish, _result, { client }) =>
      client.invalidateQueries({ queryKey: ['evals'] }),
  })

export const startEvalMutation = () =>
  evalMutation((draft: EvalDraftInput) =>
    ask(EvalPage, '/api/evals', { method: 'POST', body: EvalDraft.parse(draft) }),
  )

export const startRecordingMutation = () =>
  evalMutation((body: RecordingDraft) => ask(EvalPage, '/api/evals/recordings', { method: 'POST', body }))

/** @returns the evaluations that are left */
export const deleteRecordingMutation = (evalId: string) =>
  mutationOptions({
    mutationFn: () => ask(z.array(EvalSummary), at(evalId), { method: 'DELETE' }),
    onSettled: (left, _error, _none, _result, { client }) => client.setQueryData(evalsQuery().queryKey, left),
  })

/** Makes a dataset of a recording. */
export const recordedDatasetMutation = (evalId: string) =>
  mutationOptions({
    mutationFn: (body: RecordedDataset) =>
      ask(DatasetSummary, at(evalId, '/dataset'), { method: 'POST', body }),
    // The form that comes next needs the list with the new dataset.
    onSettled: (_dataset, _error, _body, _result, { client }) =>
      client.invalidateQueries({ queryKey: datasetsQuery().queryKey, exact: true, refetchType: 'all' }),
  })

export const stopEvalMutation = (evalId: string) =>
  evalMutation(() => ask(EvalPage, at(evalId, '/stop'), { method: 'POST' }))

export const resumeEvalMutation = (evalId: string) =>
  evalMutation((body: ResumeDraft) => ask(EvalPage, at(evalId, '/resume'), { method: 'POST', body }))

/** Addresses of downloads. */
export const csvAddress = (evalId: string): string => at(evalId, '/csv')
export const linesAddress = (evalId: string): string => at(evalId, '/jsonl')
export const cardAddress = (jobId: string): string => `/api/evals/card${search({ job: jobId })}`
export const reportAddress = (jobId: string): string => `/jobs/${encodeURIComponent(jobId)}/report`
