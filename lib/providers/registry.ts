import 'server-only'
import { AppError, type ErrorWords } from '#lib/core/errors.ts'
import { processWide } from '#lib/core/process-wide.ts'
import { env } from '#lib/env.ts'
import { capabilitiesOf } from './capabilities.ts'
import type { Reach } from './reach.ts'
import type { Provider, ProviderId } from './schema.ts'
import { Secret } from './secret.ts'

/** An address and its key: one record, never mixed. */
export interface Endpoint {
  readonly provider: Provider
  readonly baseURL: string
  /** Of the API, where the address names one. */
  readonly version: string | null
  readonly key: Secret
  /** Names of deployments, by the model that each answers with. */
  readonly deployments: ReadonlyMap<string, string>
  /** Which addresses its name may resolve to; null where the environment names it: any. */
  readonly reach: Reach | null
}

const NONE: ReadonlyMap<string, string> = new Map()

/** The name under which a provider answers with a model: that of its deployment, if it has one. */
export const servedAs = ({ deployments }: Endpoint, model: string): string => deployments.get(model) ?? model

/** A provider added in the studio whose key cannot be read. */
interface Locked {
  readonly provider: Provider
  readonly trouble: ErrorWords
}
export type ConnectionEndpoint = Endpoint | Locked

const connections = processWide<{ list: readonly ConnectionEndpoint[] }>('connections', () => ({ list: [] }))

/** Sets the providers that were added in the studio; called at the start and after each change. */
export function setConnections(list: readonly ConnectionEndpoint[]): void {
  connections.list = list
}

interface EngineAddress {
  baseURL: string
  key: string
}

interface EngineState {
  /** Where the built-in engine listens; null while it does not. */
  address: EngineAddress | null
  /** Why it cannot be asked now, for the user; null: it can, or is starting for the first time. */
  outage: ErrorWords | null
  /** Ends it, if it runs, and starts it again; null where nobody keeps it. */
  restart: (() => void) | null
}

const engine = processWide<EngineState>('engine', () => ({ address: null, outage: null, restart: null }))

/** Sets where the engine listens, null when it has ended; called by the launcher each time it starts and ends. */
export function setEngineAddress(address: EngineAddress | null): void {
  engine.address = address
  engine.outage = null
}

/** Sets why the engine cannot be asked, null when it can again: while set, calls fail at once. */
export function setEngineOutage(outage: ErrorWords | null): void {
  engine.outage = outage
}

/** Sets how to restart the engine; the code that supervises it calls this. */
export function setEngineRestart(restart: (() => void) | null): void {
  engine.restart = restart
}

export const engineRestart = (): (() => void) | null => engine.restart

/** Why the engine cannot be asked; null: it can, or is starting for the first time. */
export const engineOutage = (): AppError | null =>
  engine.outage === null ? null : new AppError('unavailable', engine.outage)

export const engineProvider = (): Provider => ({
  id: 'embedded',
  name: 'Built-in engine',
  address: 'on this machine',
  keyEnd: null,
  own: false,
  deployments: {},
  capabilities: capabilitiesOf('embedded'),
})

function embedded(): Endpoint | null {
  const { address } = engine
  return (
    address && {
      ...{ provider: engineProvider(), baseURL: address.baseURL },
      ...{ version: null, key: new Secret(address.key), deployments: NONE, reach: null },
    }
  )
}

/** With OPENAI_BASE_URL set, the key belongs to that address and is never sent to OpenAI. */
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
    own: false,
    deployments: {},
    capabilities: capabilitiesOf(id),
  }
  return { provider, baseURL, version: null, key, deployments: NONE, reach: null }
}

/** Every provider of this installation, the built-in engine first. */
const endpoints = (): ConnectionEndpoint[] => [
  ...[embedded(), configured()].filter((endpoint) => endpoint !== null),
  ...connections.list,
]

/**
 * @throws AppError not_found for a provider that is not configured, unavailable for an engine that does not answer and
 * for a key that cannot be read
 */
export function endpoint(id: string): Endpoint {
  const outage = id === 'embedded' ? engineOutage() : null
  if (outage !== null) throw outage
  const found = endpoints().find((candidate) => candidate.provider.id === id)
  if (found && 'trouble' in found) throw new AppError('unavailable', found.trouble)
  if (found) return found
  if (id === 'embedded') throw new AppError('unavailable', 'providers.engineStarting')
  throw new AppError('not_found', ['providers.none', { id }], { param: 'providerId' })
}

export const listProviders = (): Provider[] => endpoints().map(({ provider }) => provider)
