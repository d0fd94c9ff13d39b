import type { Split } from '#lib/datasets/schema.ts'
import { findDataset } from '#lib/datasets/store.ts'
import { maybeVersion } from '#lib/datasets/versions-store.ts'
import { domain } from '#lib/domain/domain.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { getJob } from '#lib/jobs/get.ts'
import type { Checkpoint, JobDetail } from '#lib/jobs/schema.ts'
import { beginSweep, sweepBegun, unsweptJobs } from './checkpoint-evals-store.ts'
import { gradeAnswer } from './graders/client.ts'
import type { Grader } from './graders/schema.ts'
import { askableRows, questionIn } from './rows.ts'
import { type Column, EvalDraft, newEvalId } from './schema.ts'
import { startEval } from './start.ts'

/** Runs that ended longer ago are left alone, in ms: what a person has not asked for must not pile up. */
const FRESH = 24 * 3_600_000

/** Training rows that the choice of graders rests on, and the share of them that decides it. */
const LOOKED_AT = 200
const MOST_OF_THEM = 0.8

/** Checkpoints of one sweep; of more, so many evenly spread ones. */
const MOST_CHECKPOINTS = 12
const SWEPT_ROWS = 50

/** Characters of an answer on which graders of the domain are tried. */
const SHORT = 2_000

/**
 * How answers of a dataset are judged unless the user says otherwise: by graders of the domain that most of its own
 * answers pass, else by similarity.
 */
async function usualGraders(datasetId: string, revision: number): Promise<Grader[]> {
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

/** Those before the end: the last one and the finished model are the same weights. */
const checkpointsOf = ({ checkpoints, totalSteps }: JobDetail): Checkpoint[] =>
  spread(
    checkpoints
      .filter(({ step }) => totalSteps === null || step < totalSteps)
      .toSorted((a, b) => a.step - b.step),
    MOST_CHECKPOINTS,
  )

function columnsOf(job: JobDetail, final: string): Column[] {
  const column = (model: string, label: string): Column => ({
    ...{ providerId: job.providerId, model, label, fewShot: 0 },
  })
  return [
    column(job.model, job.model),
    ...checkpointsOf(job).map(({ model, step }) => column(model, `step ${step}`)),
    column(final, job.suffix || `run ${job.number}`),
  ]
}

/** The evaluation of a run's base, checkpoints and end on rows that it has not seen; null where there are none. */
export async function checkpointEvalDraft(job: JobDetail): Promise<EvalDraft | null> {
  const { id, datasetId, datasetVersion, fineTunedModel, status } = job
  if (status !== 'succeeded' || !datasetId || !datasetVersion || !fineTunedModel) return null
  const version = await maybeVersion(datasetVersion.id)
  if (!version || version.heldout_rows === 0) return null
  const split: Split = 'heldout'
  return EvalDraft.parse({
    ...{ id: newEvalId(), datasetId, versionId: version.id, split, rows: SWEPT_ROWS, jobId: id },
    columns: columnsOf(job, fineTunedModel),
    graders: await usualGraders(datasetId, version.revision),
  })
}

/** Runs whose sweep could not be begun: not tried again by this process. */
const given = new Set<string>()

async function sweepJob(id: string, signal: AbortSignal, draftOf: typeof checkpointEvalDraft): Promise<void> {
  await beginSweep(id)
  // An orderly stop is no death.
  const leave = () => void sweepBegun(id)
  signal.addEventListener('abort', leave, { once: true })
  try {
    const draft = await draftOf(await getJob(id))
    if (draft) await startEval(draft, true)
    else given.add(id)
  } catch (thrown) {
    given.add(id)
    logInternal(failure(thrown))
  } finally {
    signal.removeEventListener('abort', leave)
  }
  await sweepBegun(id)
}

/**
 * Begins the sweep of every run of this computer that has ended since; what costs is only ever offered. One that the
 * process dies of is not begun again.
 */
export async function evaluateCheckpoints(signal: AbortSignal, draftOf = checkpointEvalDraft): Promise<void> {
  for (const id of await unsweptJobs(Date.now() - FRESH))
    if (!given.has(id) && !signal.aborted) await sweepJob(id, signal, draftOf)
}

/**
 * How answers of a dataset as it is now are judged unless a person says otherwise.
 * @throws AppError not_found
 */
export const gradersFor = async (datasetId: string): Promise<Grader[]> =>
  usualGraders(datasetId, (await findDataset(datasetId)).revision)
