import { providerKind } from '#lib/providers/kinds.ts'
import { OPENAI_CLOSES } from '#lib/providers/openai-deprecation.ts'
import type { CatalogModel, Provider } from '#lib/providers/schema.ts'
import type { Availability, Needs } from './estimate-schema.ts'
import type { DatasetSummary } from './schema.ts'

/** Where rows could be trained: a model; null for a provider that did not list its models. */
export interface Place {
  provider: Pick<Provider, 'id' | 'name' | 'address' | 'capabilities'>
  model: CatalogModel | null
}

const earlier = (one: string, other: string | null): string => (other !== null && other < one ? other : one)

/**
 * Whether a model accepts such rows, and until when: from the provider's catalogue and its announced shutdowns; at the
 * built-in engine, whether this computer has the memory and the disk.
 */
export function availability(
  { provider, model }: Place,
  method: DatasetSummary['method'],
  now: Date,
  needs: Needs | null = null,
): Availability {
  if (!model) return { ok: false, reason: 'silent', date: null }
  if (method === 'preference' && !provider.capabilities.preference)
    return { ok: false, reason: 'preference', date: null }
  if (needs && needs.memory > needs.freeMemory) return { ok: false, reason: 'memory', date: null }
  if (needs && needs.disk > needs.freeDisk) return { ok: false, reason: 'disk', date: null }
  const date =
    providerKind(provider.id) === 'openai' ? earlier(OPENAI_CLOSES, model.shutdownDate) : model.shutdownDate
  if (date === null) return { ok: true, reason: null, date }
  const over = date <= now.toISOString().slice(0, 10)
  return { ok: !over, reason: over ? 'closed' : 'closing', date }
}
