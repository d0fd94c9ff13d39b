import type { Split } from '#lib/datasets/schema.ts'
import { findDataset } from '#lib/datasets/store.ts'
import { maybeVersion } from '#lib/datasets/versions-store.ts'
import { domain } from '#lib/domain/domain.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { getJob } from '#lib/jobs/get.ts'
import { otherCheckpoints } from '#lib/jobs/other-checkpoints.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { clearSweepAttempt, jobsToEvaluate, recordSweepAttempt } from './checkpoint-evals-store.ts'
import { newEvalId } from './eval-id.ts'
import { gradeAnswer } from './graders/client.ts'
import type { Grader } from './graders/schema.ts'
import { askableRows, questionIn } from './rows.ts'
import { type Column, EvalDraft } from './schema.ts'
import { startEval } from './start.ts'

/** Jobs that ended longer ago are skipped, in ms: evaluations that nobody asked for must not pile up. */
const FRESH = 24 * 3_600_000

/** Training rows that the choice of graders is based on, and the share of them that decides. */
const LOOKED_AT = 200
const MOST_OF_THEM = 0.8

/** Checkpoints per evaluation; of more, this many evenly spread ones. */
const MOST_CHECKPOINTS = 12
const EVALUATED_ROWS = 50

/** Longest answer, in characters, on which graders of the domain are tried. */
const SHORT = 2_000

/**
 * The default graders of a dataset: those of the domain that most of its own answers pass, else similarity.
 */
async function defaultGraders(datasetId: string, revision: number): Promise<Grader[]> {
  const { rows } = await askableRows({ datasetId, revision, split: 'train' }, LOOKED_AT)
  /** Whether most of the rows' own answers pass. */
  const suits = async (grader: Grader): Promise<boolean> => {
    let passed = 0
    for (const { expected, messages } of rows.filter(({ expected }) => expected.length <= SHORT)) {
      const graded = { answer: expected, expected: null, question: questionIn(messages) }
      if ((await gradeAnswer(grader, graded)).passed) passed++
    }
    return rows.length > 0 && passed >= rows.length * MOST_OF_THEM
  }
  const suited: Grader[] = []
  for (const kind of domain.graders) {
    if (!(await suits({ kind }))) break
    suited.push({ kind })
  }
  return suited.length > 0 ? suited : [{ kind: 'similarity', pass: 0.5 }]
}

function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items]
  return Array.from(
    { length: most },
    (_, n) => items[Math.round((n * (items.length - 1)) / (most - 1))] as Item,
  )
}

function columnsOf(job: JobDetail, final: string): Column[] {
  const column = (model: string, label: string): Column => ({
    providerId: job.providerId,
    model,
    label,
    fewShot: 0,
    sampling: null,
  })
  return [
    column(job.model, job.model),
    ...spread(otherCheckpoints(job), MOST_CHECKPOINTS).map(({ model, step }) =>
      column(model, `step ${step}`),
    ),
    column(final, job.suffix || `run ${job.number}`),
  ]
}

/** The evaluation of a job's base model, checkpoints and result on held-out rows; null without such rows. */
export async function checkpointEvalDraft(job: JobDetail): Promise<EvalDraft | null> {
  const { id, datasetId, datasetVersion, fineTunedModel, status } = job
  if (status !== 'succeeded' || !datasetId || !datasetVersion || !fineTunedModel) return null
  const version = await maybeVersion(datasetVersion.id)
  if (!version || version.heldout_rows === 0) return null
  const split: Split = 'heldout'
  return EvalDraft.parse({
    id: newEvalId(),
    datasetId,
    versionId: version.id,
    split,
    rows: EVALUATED_ROWS,
    jobId: id,
    columns: columnsOf(job, fineTunedModel),
    graders: await defaultGraders(datasetId, version.revision),
  })
}

/** Jobs whose evaluation could not be started: not tried again by this process. */
const failedJobs = new Set<string>()

async function evaluateJob(
  id: string,
  signal: AbortSignal,
  draftOf: typeof checkpointEvalDraft,
): Promise<void> {
  await recordSweepAttempt(id)
  // An orderly stop is no crash.
  const leave = () => void clearSweepAttempt(id)
  signal.addEventListener('abort', leave, { once: true })
  try {
    const draft = await draftOf(await getJob(id))
    if (draft) await startEval(draft, { sweep: true })
    else failedJobs.add(id)
  } catch (thrown) {
    failedJobs.add(id)
    logInternal(failure(thrown))
  } finally {
    signal.removeEventListener('abort', leave)
  }
  await clearSweepAttempt(id)
}

/**
 * Evaluates the checkpoints of every job of this computer that has ended; paid evaluations are only offered. One that
 * crashes the process is not started again.
 */
export async function evaluateCheckpoints(signal: AbortSignal, draftOf = checkpointEvalDraft): Promise<void> {
  for (const id of await jobsToEvaluate(Date.now() - FRESH))
    if (!failedJobs.has(id) && !signal.aborted) await evaluateJob(id, signal, draftOf)
}

/**
 * The default graders of a dataset in its current state.
 * @throws AppError not_found
 */
export const gradersFor = async (datasetId: string): Promise<Grader[]> =>
  defaultGraders(datasetId, (await findDataset(datasetId)).revision)
