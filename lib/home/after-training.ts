import { sweepOf } from '#lib/evals/checkpoint-evals-store.ts'
import { getJob } from '#lib/jobs/get.ts'
import { listAliases } from '#lib/models/aliases.ts'
import { hasAnswered } from '#lib/playground/store.ts'

/** What the user has done with a job's models since it ended. */
export interface AfterTraining {
  jobId: string
  /** One of the models has answered in the playground. */
  compared: boolean
  /** The job's newest evaluation; null: none. */
  evalId: string | null
  /** Held-out rows exist, so an evaluation is possible. */
  judgeable: boolean
  /** An alias points to one of the models. */
  used: boolean
}

/** @throws AppError not_found */
export async function afterTraining(jobId: string): Promise<AfterTraining> {
  const job = await getJob(jobId)
  const models = [job.fineTunedModel ?? [], job.checkpoints.map(({ model }) => model)].flat()
  const [compared, sweep, aliases] = await Promise.all([
    hasAnswered(job.providerId, models),
    sweepOf(jobId),
    listAliases(),
  ])
  return {
    jobId,
    compared,
    evalId: sweep?.id ?? null,
    judgeable: (job.heldoutRows ?? 0) > 0,
    used: aliases.some(({ providerId, model }) => providerId === job.providerId && models.includes(model)),
  }
}
