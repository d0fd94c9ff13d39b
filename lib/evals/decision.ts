import type { JobDetail } from '#lib/jobs/schema.ts'
import { listAliases } from '#lib/models/aliases.ts'
import type { AliasChange } from '#lib/models/schema.ts'

/** An alias that was pointed at a model of a job, and why. */
export interface Decision extends Pick<AliasChange, 'who' | 'at' | 'why'> {
  alias: string
  model: string
  /** It still points there. */
  holds: boolean
}

/** Aliases that point, or pointed, at a model of a job. Newest first. */
export async function decisionsOf({
  providerId,
  fineTunedModel,
  checkpoints,
}: Pick<JobDetail, 'providerId' | 'fineTunedModel' | 'checkpoints'>): Promise<Decision[]> {
  const own = new Set([fineTunedModel, ...checkpoints.map(({ model }) => model)])
  const aliases = await listAliases()
  return aliases
    .flatMap(({ name, model: now, history }) =>
      history.flatMap(({ who, at, why, to }) =>
        to?.providerId === providerId && own.has(to.model)
          ? [{ alias: name, model: to.model, who, at, why, holds: to.model === now }]
          : [],
      ),
    )
    .toSorted((a, b) => b.at - a.at)
}
