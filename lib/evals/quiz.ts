import { AppError } from '#lib/core/errors.ts'
import { domain } from '#lib/domain/domain.ts'
import { getJob } from '#lib/jobs/get.ts'
import { makerOf } from '#lib/jobs/models-store.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { deletedModels, hasModel } from '#lib/models/store.ts'
import { SHIPPED } from '#lib/providers/model-kind.ts'
import { QUIZ } from './constants.ts'
import { planOfRows } from './plan.ts'
import type { Askable } from './rows.ts'
import { EvalDraft, type Quiz } from './schema.ts'
import { storeEval } from './start.ts'
import { maybeEval } from './store.ts'

/** Tokens of an answer: room for a fine-tuned model that answers everything in its own form. */
const LONGEST = 120

/** One quiz per job: its id is made from the job's, so that two starts are one evaluation. */
const quizId = (jobId: string): string => `eval_${jobId.slice('run_'.length)}`

/** Whether a model of the built-in engine is the shipped one, or was trained from it over however many jobs. */
async function isFromShipped(model: string): Promise<boolean> {
  if (model === SHIPPED) return true
  const maker = await makerOf('embedded', model)
  return maker !== undefined && isFromShipped(maker.base)
}

/** The model that is quizzed; null where the questions would say nothing: only the shipped base knows the answers. */
async function quizzedModel(job: JobDetail): Promise<string | null> {
  const { providerId, status, model, fineTunedModel } = job
  if (providerId !== 'embedded' || status !== 'succeeded') return null
  if (!hasModel(job, await deletedModels())) return null
  return (await isFromShipped(model)) ? fineTunedModel : null
}

const rows = (): Askable[] =>
  domain.quiz.map(({ question, expected }, place) => ({
    ...{ place, key: `${QUIZ}_${place + 1}`, promptHash: null },
    ...{ messages: [{ role: 'user', content: question }], expected },
    // Estimates alone read them, and these answers are free.
    ...{ promptTokens: 0, answerTokens: 0 },
  }))

const quizDraft = (jobId: string, tuned: string): EvalDraft =>
  EvalDraft.parse({
    id: quizId(jobId),
    datasetId: QUIZ,
    rows: domain.quiz.length,
    columns: [SHIPPED, tuned].map((model) => ({ providerId: 'embedded', model })),
    graders: [{ kind: 'contains', loose: false, wholeWords: true }],
    sampling: { temperature: 0, topP: null, maxTokens: LONGEST, seed: 0 },
    jobId,
  })

const quizOf = (jobId: string, evalId: string | null): Quiz => ({
  jobId,
  questions: domain.quiz.length,
  example: domain.quiz[0]?.question ?? '',
  evalId,
})

/**
 * The quiz of a job, started or not.
 * @returns null for a job without a model that comes from the shipped base
 * @throws AppError not_found
 */
export async function getQuiz(jobId: string): Promise<Quiz | null> {
  const known = await maybeEval(quizId(jobId))
  if (known) return quizOf(jobId, known.id)
  return (await quizzedModel(await getJob(jobId))) === null ? null : quizOf(jobId, null)
}

/**
 * Starts the quiz of a job; the studio then works on it in the background. A second start does nothing.
 * @throws AppError not_found; invalid for a job that has none
 */
export async function startQuiz(jobId: string): Promise<Quiz> {
  const known = await getQuiz(jobId)
  if (known?.evalId) return known
  const tuned = await quizzedModel(await getJob(jobId))
  if (tuned === null) throw new AppError('invalid', 'evals.noQuiz', { param: 'job' })
  const draft = quizDraft(jobId, tuned)
  await storeEval(draft, await planOfRows(draft, rows()))
  return quizOf(jobId, draft.id)
}
