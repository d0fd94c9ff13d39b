import type { JobDetail } from '#lib/jobs/schema.ts'
import type { Alias, AliasChange } from '#lib/models/schema.ts'

/** An alias that was pointed at a model of a job, and why. */
export interface Decision extends Pick<AliasChange, 'who' | 'at' | 'why'> {
  alias: string
  model: string
  /** It still points there. */
  holds: boolean
}

/** Which aliases point, or pointed, at a model of a job. Newest first. */
export function decisionsIn(
  aliases: readonly Alias[],
  {
    providerId,
    fineTunedModel,
    checkpoints,
  }: Pick<JobDetail, 'providerId' | 'fineTunedModel' | 'checkpoints'>,
): Decision[] {
  const own = new Set([fineTunedModel, ...checkpoints.map(({ model }) => model)])
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
