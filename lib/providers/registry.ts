import 'server-only'
import { env } from '#lib/env.ts'
import { AppError } from '#lib/errors.ts'
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
const shelf = globalThis as unknown as Record<symbol, { baseURL: string; key: string } | undefined>

/** Tells the studio where its engine listens; called by the launcher each time the engine starts. */
export function serveEngine(engine: { baseURL: string; key: string } | undefined): void {
  shelf[ENGINE] = engine
}

function embedded(): Endpoint | null {
  const engine = shelf[ENGINE]
  if (!engine) return null
  const provider: Provider = {
    id: 'embedded',
    name: 'Embedded engine',
    address: 'on this machine',
    keyEnd: null,
    capabilities: capabilitiesOf('embedded'),
  }
  return { provider, baseURL: engine.baseURL, key: new Secret(engine.key) }
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

/** Every provider of this installation, the embedded engine first. */
const endpoints = (): Endpoint[] => [embedded(), configured()].filter((endpoint) => endpoint !== null)

/** @throws AppError not_found for a provider that is not configured */
export function endpoint(id: string): Endpoint {
  const found = endpoints().find((candidate) => candidate.provider.id === id)
  if (found) return found
  if (id === 'embedded')
    throw new AppError('unavailable', 'The embedded engine is starting. Try again in a moment.')
  throw new AppError(
    'not_found',
    `There is no provider "${id}" here. Configured providers are listed on the Providers page.`,
    {
      param: 'providerId',
    },
  )
}

export const listProviders = (): Provider[] => endpoints().map(({ provider }) => provider)
