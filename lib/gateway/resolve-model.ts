import { AppError } from '#lib/core/errors.ts'
import { targetOfAlias } from '#lib/models/aliases.ts'
import { refOf } from '#lib/models/ref.ts'
import { AliasName, type ModelRef } from '#lib/models/schema.ts'
import { type Endpoint, endpoint, listProviders } from '#lib/providers/registry.ts'

/** The model that a requested name stands for. */
export interface Target extends ModelRef {
  alias: string | null
}

/**
 * The endpoint of a model. @throws AppError not_found in OpenAI's words for a model of a provider that is not here;
 * unavailable for an engine that does not answer
 */
export function endpointOf(target: Target): Endpoint {
  const { providerId, model } = target
  if (providerId === 'embedded' || listProviders().some(({ id }) => id === providerId))
    return endpoint(providerId)
  throw new AppError('not_found', ['gateway.noProvider', { provider: providerId, model }], {
    param: 'model',
    facts: { code: 'model_not_found' },
  })
}

/**
 * Resolves an alias, or `PROVIDER/MODEL` as in the playground's address; any other name is left to the built-in engine.
 */
export async function targetOf(asked: string): Promise<Target> {
  const alias = AliasName.safeParse(asked).success ? await targetOfAlias(asked) : null
  if (alias) return { ...alias, alias: asked }
  return { ...(refOf(asked) ?? { providerId: 'embedded', model: asked }), alias: null }
}
