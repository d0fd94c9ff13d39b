import { createHash } from 'node:crypto'
import { AppError } from '#lib/core/errors.ts'
import { versionAt } from '#lib/datasets/versions-store.ts'
import { setCellState } from './cell-store.ts'
import { estimateOf } from './estimate.ts'
import { getEval } from './get.ts'
import { answerHash, messagesFor, type Plan, planOf } from './plan.ts'
import { questionIn } from './rows.ts'
import type { EvalDraft, EvalEstimate, EvalPage, ResumeDraft } from './schema.ts'
import { changeEval, type EvalRecord, findEval, insertEval, maybeEval, updateEval } from './store.ts'

function requestHash({ confirmed: _, ...request }: object & { confirmed?: unknown }): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex')
}

const taken = () =>
  new AppError('conflict', 'evals.idTaken', {
    param: 'id',
  })

/**
 * @throws AppError needs_confirmation for a sum, or an unknown one under a spending limit, that the user has not
 * confirmed
 */
function keepToConfirmed({ providers }: EvalEstimate, confirmed: number | null): void {
  for (const { providerId, needsConfirmation, cost, confirmAbove } of providers) {
    if (!needsConfirmation || (confirmed !== null && (cost ?? 0) <= confirmed)) continue
    const facts = {
      provider: providerId,
      ...(cost === null ? {} : { estimate: cost, limit: confirmAbove ?? 0 }),
    }
    throw new AppError('needs_confirmation', 'evals.needsConfirmation', {
      facts,
    })
  }
}

async function recordOf(draft: EvalDraft, plan: Plan, sweep: boolean, hash: string): Promise<EvalRecord> {
  const { datasetId, revision, split } = plan.where
  const version = await versionAt(datasetId, revision)
  return {
    id: draft.id,
    dataset_id: datasetId,
    version_id: draft.versionId ?? version?.id ?? null,
    revision,
    split,
    job_id: draft.jobId,
    sweep: Number(sweep),
    request_hash: hash,
    request_json: JSON.stringify(draft),
    columns_json: JSON.stringify(plan.columns),
    shots_json: JSON.stringify(plan.examples),
    state: 'running',
    error_json: null,
    pauses_json: '[]',
    confirmed: draft.confirmed,
    created_at: Date.now(),
    finished_at: null,
  }
}

const rowsOf = ({ id }: EvalDraft, { rows, excluded }: Plan) =>
  [
    ...rows.map(({ place, key, messages, expected }) => ({
      eval_id: id,
      place,
      key,
      expected,
      excluded: null,
      question: questionIn(messages),
      messages_json: JSON.stringify(messages),
    })),
    ...excluded.map(({ place, key, question, reason }) => ({
      eval_id: id,
      place,
      key,
      question,
      expected: '',
      excluded: reason,
      messages_json: '[]',
    })),
  ].toSorted((a, b) => a.place - b.place)

const cellsOf = (draft: EvalDraft, { rows, columns, examples }: Plan) =>
  rows.flatMap(({ place, messages }) =>
    columns.map((column, index) => ({
      eval_id: draft.id,
      place,
      column_index: index,
      state: 'waiting',
      answer_id: null,
      from_cache: 0,
      grades_json: null,
      hash: answerHash(column, messagesFor(messages, column, examples), draft),
    })),
  )

/**
 * Stores a planned evaluation with its rows and cells.
 * @param sweep started by the studio itself, at the end of a job
 * @returns false when its id is taken
 */
export const storeEval = async (
  draft: EvalDraft,
  plan: Plan,
  sweep = false,
  hash = requestHash(draft),
): Promise<boolean> =>
  insertEval(await recordOf(draft, plan, sweep, hash), rowsOf(draft, plan), cellsOf(draft, plan))

interface Start {
  /** Started by the studio itself, at the end of a job. */
  sweep?: boolean
  /** What was asked for, if that is more than the draft. */
  request?: object
  /** Finds what is asked. */
  makePlan?: (draft: EvalDraft) => Promise<Plan>
}

/**
 * Stores an evaluation; the studio then works on it in the background. The same draft twice is one evaluation.
 * @throws AppError conflict when its id stands for another draft; needs_confirmation; invalid when no row can be asked;
 * and as `makePlan`
 */
export async function startEval(
  draft: EvalDraft,
  { sweep = false, makePlan = planOf, request = draft }: Start = {},
): Promise<EvalPage> {
  const hash = requestHash(request)
  const known = await maybeEval(draft.id)
  if (known && known.request_hash !== hash) throw taken()
  if (known) return getEval(draft.id)
  const plan = await makePlan(draft)
  if (plan.rows.length === 0)
    throw new AppError('invalid', 'evals.nothingToAsk', {
      param: 'split',
      facts: { excluded: plan.excluded.length },
    })
  keepToConfirmed(await estimateOf(draft, plan), draft.confirmed)
  const isNew = await storeEval(draft, plan, sweep, hash)
  if (!isNew && (await findEval(draft.id)).request_hash !== hash) throw taken()
  return getEval(draft.id)
}

/**
 * Stops asking; answers under way are still stored.
 * @throws AppError not_found
 */
export async function stopEval(evalId: string): Promise<EvalPage> {
  await changeEval(evalId, ({ state }) =>
    state === 'running' || state === 'paused' ? { state: 'stopped', finished_at: Date.now() } : null,
  )
  return getEval(evalId)
}

/**
 * Resumes with the cells that were not asked; with `again` also with failed, cut and lost answers.
 * @throws AppError not_found
 */
export async function resumeEval(
  evalId: string,
  { confirmed = null, again = false }: ResumeDraft,
): Promise<EvalPage> {
  const known = await findEval(evalId)
  await setCellState(evalId, again ? ['skipped', 'failed', 'interrupted', 'lost'] : ['skipped'], 'waiting')
  await updateEval(evalId, {
    state: 'running',
    error_json: null,
    pauses_json: '[]',
    finished_at: null,
    confirmed: confirmed ?? known.confirmed,
  })
  return getEval(evalId)
}
