/** Providers that the user adds in the studio: kept in the database, their keys encrypted. */
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { randomText } from '#lib/core/ids.ts'
import { failure } from '#lib/http/failure.ts'
import { capabilitiesOf } from './capabilities.ts'
import { makeClient } from './client.ts'
import {
  type ConnectionRecord,
  changeDeployment,
  connectionRecords,
  endConnection,
  keepConnection,
  nameConnection,
} from './connection-store.ts'
import { briefly } from './fetch.ts'
import { listProvidersWithHealth } from './health.ts'
import { seal, unseal } from './key-vault.ts'
import { probe } from './probe.ts'
import { expectWithin } from './reach.ts'
import { type ConnectionEndpoint, type Endpoint, setConnections } from './registry.ts'
import {
  type Connection,
  type ConnectionTest,
  type DeploymentDraft,
  type Provider,
  ProviderKind,
  type ProviderWithHealth,
} from './schema.ts'
import { Secret } from './secret.ts'

const OPENAI = 'https://api.openai.com/v1'

/** What a server that asks for no key is sent: the client cannot send none. */
const NO_KEY = 'none'

/** ms that a test may take. */
const PATIENCE = 10_000

const Deployments = z.record(z.string(), z.string())

/** A key can be decrypted only for its own address, even after an edit of the database. */
const ownerOf = ({ id, address }: Pick<ConnectionRecord, 'id' | 'address'>): string => `${id} ${address}`

interface Facts {
  id: string
  name: string
  kind: string
  address: string
  nearby: boolean
  /** The key's last four characters. */
  keyEnd: string | null
  deployments: Record<string, string>
}

const providerOf = ({ id, name, kind, address, keyEnd, deployments }: Facts): Provider => ({
  ...{ id, name, address, keyEnd, deployments, own: true },
  capabilities: capabilitiesOf(ProviderKind.parse(kind)),
})

/** @throws AppError for a numeric address out of reach */
function endpointOf(facts: Facts, key: string): Endpoint {
  const reach = facts.nearby ? 'nearby' : 'public'
  expectWithin(facts.address, reach)
  const { origin, pathname, searchParams } = new URL(facts.address)
  return {
    provider: providerOf(facts),
    baseURL: `${origin}${pathname}`.replace(/\/+$/, ''),
    version: searchParams.get('api-version'),
    key: new Secret(key || NO_KEY),
    deployments: new Map(Object.entries(facts.deployments)),
    reach,
  }
}

function keyIn(record: ConnectionRecord): string {
  const { sealed, sealed_by } = record
  return sealed === null || sealed_by === null ? '' : unseal({ sealed, sealed_by }, ownerOf(record))
}

function stored(record: ConnectionRecord): ConnectionEndpoint {
  const facts = {
    ...{ ...record, nearby: record.nearby === 1, keyEnd: record.key_end },
    deployments: Deployments.parse(JSON.parse(record.deployments_json)),
  }
  try {
    return endpointOf(facts, keyIn(record))
  } catch (thrown) {
    return { provider: providerOf(facts), trouble: failure(thrown).words }
  }
}

/** Makes the stored providers known; at the start, and after each change. */
export async function loadConnections(): Promise<void> {
  const records = await connectionRecords()
  setConnections(records.map(stored))
}

/** What is known of a provider before it is added, under a new id. */
function factsOf(connection: Connection): Facts {
  const { kind, name, key } = connection
  const id = `${kind}-${randomText(8)}`
  const keyEnd = key === '' ? null : key.slice(-4)
  const own = { id, name, kind, keyEnd, deployments: {} }
  return connection.kind === 'openai'
    ? { ...own, address: OPENAI, nearby: false }
    : { ...own, address: connection.address, nearby: connection.nearby }
}

/** Asks for its models, as every later call asks, and a compatible server for what it offers; keeps nothing. */
export async function testConnection(connection: Connection): Promise<ConnectionTest> {
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  try {
    const client = makeClient(endpointOf(factsOf(connection), connection.key))
    const { data } = await client.models.list({ signal: briefly(undefined, PATIENCE) })
    const told = { message: null, models: data.length, ms: took() }
    return { ...told, offers: connection.kind === 'compatible' ? await probe(client, PATIENCE) : null }
  } catch (thrown) {
    return { ...failure(thrown).words, models: null, ms: took(), offers: null }
  }
}

/**
 * Adds a provider. Address and key never change afterwards: another key is another provider.
 * @throws AppError unavailable when the key file can neither be read nor made, provider_unreachable for a numeric
 * address out of reach
 */
export async function addConnection(connection: Connection): Promise<ProviderWithHealth[]> {
  const facts = factsOf(connection)
  const { key } = connection
  endpointOf(facts, key)
  const { keyEnd, nearby, deployments, ...said } = facts
  await keepConnection({
    ...said,
    ...(key === '' ? { sealed: null, sealed_by: null } : seal(key, ownerOf(facts))),
    ...{ nearby: nearby ? 1 : 0, key_end: keyEnd, created_at: Date.now(), removed_at: null },
    deployments_json: JSON.stringify(deployments),
  })
  await loadConnections()
  return listProvidersWithHealth()
}

const none = (id: string): AppError =>
  new AppError('not_found', ['providers.none', { id }], { param: 'providerId' })

/** @throws AppError not_found */
export async function renameConnection(id: string, name: string): Promise<ProviderWithHealth[]> {
  if (!(await nameConnection(id, name))) throw none(id)
  await loadConnections()
  return listProvidersWithHealth()
}

/** Says which deployment answers with a model, or that none does. @throws AppError not_found */
export async function nameDeployment(
  id: string,
  { model, name }: DeploymentDraft,
): Promise<ProviderWithHealth[]> {
  if (!(await changeDeployment(id, model, name || null))) throw none(id)
  await loadConnections()
  return listProvidersWithHealth()
}

/** Forgets a provider's key; what came from it stays. @throws AppError not_found */
export async function removeConnection(id: string): Promise<ProviderWithHealth[]> {
  if (!(await endConnection(id))) throw none(id)
  await loadConnections()
  return listProvidersWithHealth()
}
