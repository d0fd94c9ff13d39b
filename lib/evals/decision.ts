import type { JobDetail } from '#lib/jobs/schema.ts'
import { listAliases } from '#lib/models/aliases.ts'
import type { AliasChange } from '#lib/models/schema.ts'

/** A name that was pointed to a model of a run, and why. */
export interface Decision extends Pick<AliasChange, 'who' | 'at' | 'why'> {
  alias: string
  model: string
  /** It still points there. */
  holds: boolean
}

/** What was decided about a run: which names lead, or led, to one of its models. Newest first. */
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
