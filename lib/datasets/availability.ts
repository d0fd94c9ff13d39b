import { OPENAI_CLOSES } from '#lib/providers/openai-deprecation.ts'
import type { CatalogModel, Provider } from '#lib/providers/schema.ts'
import type { Availability } from './estimate-schema.ts'
import type { DatasetSummary } from './schema.ts'

/** Where rows could be trained: a model, or a provider that did not say which models it has. */
export interface Place {
  provider: Pick<Provider, 'id' | 'name' | 'address' | 'capabilities'>
  model: CatalogModel | null
}

const earlier = (one: string, other: string | null): string => (other !== null && other < one ? other : one)

/** Whether a place takes such rows, and for how long: by what its provider says of the model, and by what is announced. */
export function availability(
  { provider, model }: Place,
  method: DatasetSummary['method'],
  now: Date,
): Availability {
  if (!model) return { ok: false, reason: 'silent', date: null }
  if (method === 'preference' && !provider.capabilities.preference)
    return { ok: false, reason: 'preference', date: null }
  const date = provider.id === 'openai' ? earlier(OPENAI_CLOSES, model.shutdownDate) : model.shutdownDate
  if (date === null) return { ok: true, reason: null, date }
  const over = date <= now.toISOString().slice(0, 10)
  return { ok: !over, reason: over ? 'closed' : 'closing', date }
}
