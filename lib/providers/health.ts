import type { AppError } from '#lib/core/errors.ts'
import { failure } from '#lib/http/failure.ts'
import { backoffOf, endBackoff, noteRefusal } from './backoff.ts'
import { client } from './client.ts'
import { briefly } from './fetch.ts'
import { engineOutage, engineProvider, listProviders } from './registry.ts'
import type { Backoff, Health, Provider, ProviderId, ProviderWithHealth } from './schema.ts'

/** How long a provider may take to answer, in ms. */
const PATIENCE = 4_000

/**
 * How long the health of a remote provider is cached, in ms: every open tab asks, and each request leaves this machine.
 */
const CACHED_FOR = 60_000

const seen = new Map<string, Health>()

/** @throws why the provider does not answer; also when the engine is not running */
async function answers(id: ProviderId): Promise<void> {
  await client(id).models.list({ signal: briefly(undefined, PATIENCE) })
}

export const isAnswering = (id: ProviderId): Promise<boolean> =>
  answers(id).then(
    () => true,
    () => false,
  )

async function ask({ id }: Provider): Promise<Health> {
  const started = performance.now()
  const thrown = await answers(id).then(
    () => null,
    (reason: unknown) => ({ reason }),
  )
  if (thrown) await noteRefusal(id, thrown.reason)
  return {
    state: thrown ? 'bad' : 'ok',
    ...(thrown ? failure(thrown.reason).words : { message: null }),
    ms: thrown ? null : Math.round(performance.now() - started),
    checkedAt: Date.now(),
  }
}

const duringBackoff = ({ message, since }: Backoff): Health => ({
  state: 'bad',
  message,
  ms: null,
  checkedAt: since,
})

async function healthOf(provider: Provider, fresh: boolean): Promise<Health> {
  const name = `${provider.id} ${provider.address}`
  const last = seen.get(name)
  const cached = provider.id !== 'embedded' && last && Date.now() - last.checkedAt < CACHED_FOR
  if (cached && !fresh) return last
  const health = await ask(provider)
  seen.set(name, health)
  return health
}

/** During a backoff the provider is not asked: its last error is returned. */
async function withHealth(provider: Provider, fresh: boolean): Promise<ProviderWithHealth> {
  const backoff = await backoffOf(provider.id)
  if (backoff) return { ...provider, health: duringBackoff(backoff), hold: backoff }
  const health = await healthOf(provider, fresh)
  return { ...provider, health, hold: await backoffOf(provider.id) }
}

/** The engine is not asked while its heartbeat is missing or it does not start. */
function silentEngine({ words }: AppError): ProviderWithHealth {
  const health: Health = { state: 'bad', ...words, ms: null, checkedAt: Date.now() }
  return { ...engineProvider(), health, hold: null }
}

/** Every provider with whether it answers, and in how many ms. All are asked at once; `fresh` skips the cache. */
export async function listProvidersWithHealth(fresh = false): Promise<ProviderWithHealth[]> {
  const note = engineOutage()
  const asked = listProviders().filter(({ id }) => id !== 'embedded' || note === null)
  const answers = await Promise.all(asked.map((provider) => withHealth(provider, fresh)))
  return note === null ? answers : [silentEngine(note), ...answers]
}

/** Ends a provider's backoff and asks it again; the same error starts a new one. */
export async function askAgain(providerId: ProviderId): Promise<ProviderWithHealth[]> {
  await endBackoff(providerId)
  return listProvidersWithHealth(true)
}
