import 'server-only'
import { AppError, type ErrorWords } from '#lib/core/errors.ts'
import { env } from '#lib/env.ts'
import { capabilitiesOf } from './capabilities.ts'
import type { Provider, ProviderId } from './schema.ts'
import { Secret } from './secret.ts'

/** An address and the key that belongs to it: one record, never mixed. */
export interface Endpoint {
  readonly provider: Provider
  readonly baseURL: string
  readonly key: Secret
}

const ENGINE = Symbol.for('limerick.engine')

interface EngineShelf {
  engine?: { baseURL: string; key: string }
  /** Why it cannot be asked at present. */
  note?: ErrorWords
}
const shelf = globalThis as unknown as Record<symbol, EngineShelf | undefined>

/** Tells the studio where its engine listens; called by the launcher each time the engine starts and ends. */
export function serveEngine(engine: { baseURL: string; key: string } | undefined): void {
  shelf[ENGINE] = { engine }
}

/** Tells the studio why its engine cannot be asked, null when it can again: then callers are refused at once. */
export function noteEngine(note: ErrorWords | null): void {
  shelf[ENGINE] = { ...shelf[ENGINE], note: note ?? undefined }
}

/** Why the engine cannot be asked; null: it can, or is on its way for the first time. */
export function engineNote(): AppError | null {
  const note = shelf[ENGINE]?.note
  return note ? new AppError('unavailable', note) : null
}

export const engineProvider = (): Provider => ({
  id: 'embedded',
  name: 'Built-in engine',
  address: 'on this machine',
  keyEnd: null,
  capabilities: capabilitiesOf('embedded'),
})

function embedded(): Endpoint | null {
  const engine = shelf[ENGINE]?.engine
  return engine ? { provider: engineProvider(), baseURL: engine.baseURL, key: new Secret(engine.key) } : null
}

/** OPENAI_BASE_URL claims the key for itself: it is then never sent to OpenAI. */
function configured(): Endpoint | null {
  const { openaiKey, openaiBaseUrl } = env()
  if (!openaiBaseUrl && !openaiKey) return null
  const id: ProviderId = openaiBaseUrl ? 'compatible' : 'openai'
  const baseURL = openaiBaseUrl ?? 'https://api.openai.com/v1'
  const key = new Secret(openaiKey ?? 'none')
  const provider: Provider = {
    id,
    name: openaiBaseUrl ? new URL(openaiBaseUrl).host : 'OpenAI',
    address: baseURL,
    keyEnd: openaiKey ? key.end : null,
    capabilities: capabilitiesOf(id),
  }
  return { provider, baseURL, key }
}

/** Every provider of this installation, the built-in engine first. */
const endpoints = (): Endpoint[] => [embedded(), configured()].filter((endpoint) => endpoint !== null)

/** @throws AppError not_found for a provider that is not configured, unavailable for an engine that does not answer */
export function endpoint(id: string): Endpoint {
  const note = id === 'embedded' ? engineNote() : null
  if (note !== null) throw note
  const found = endpoints().find((candidate) => candidate.provider.id === id)
  if (found) return found
  if (id === 'embedded') throw new AppError('unavailable', 'providers.engineStarting')
  throw new AppError('not_found', ['providers.none', { id }], { param: 'providerId' })
}

export const listProviders = (): Provider[] => endpoints().map(({ provider }) => provider)
