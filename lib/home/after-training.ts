import { sweepOf } from '#lib/evals/checkpoint-evals-store.ts'
import { getJob } from '#lib/jobs/get.ts'
import { listAliases } from '#lib/models/aliases.ts'
import { hasAnswered } from '#lib/playground/store.ts'

/** What has been done with the models of a job since it ended. */
export interface AfterTraining {
  jobId: string
  /** One of them has answered in the playground. */
  compared: boolean
  /** Its newest evaluation; null where there is none. */
  evalId: string | null
  /** Rows are held out to judge it with. */
  judgeable: boolean
  /** An alias points to one of them. */
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
