import type { AppError } from '#lib/core/errors.ts'
import { failure } from '#lib/http/failure.ts'
import { backoffOf, endBackoff, noteRefusal } from './backoff.ts'
import { client } from './client.ts'
import { briefly } from './fetch.ts'
import { engineOutage, engineProvider, listProviders } from './registry.ts'
import type { Backoff, Health, Provider, ProviderId, ProviderWithHealth } from './schema.ts'

/** How long a provider may take to say that it is there, in ms. */
const PATIENCE = 4_000

/** How long what a distant provider said is believed, in ms: every open tab asks, and each asking leaves this machine. */
const BELIEVED = 60_000

const seen = new Map<string, Health>()

/** @throws whatever keeps the provider from answering, the engine's being away included */
async function answers(id: ProviderId): Promise<void> {
  await client(id).models.list({ signal: briefly(undefined, PATIENCE) })
}

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

const asHeld = ({ message, since }: Backoff): Health => ({
  state: 'bad',
  message,
  ms: null,
  checkedAt: since,
})

async function healthOf(provider: Provider, fresh: boolean): Promise<Health> {
  const name = `${provider.id} ${provider.address}`
  const last = seen.get(name)
  const believed = provider.id !== 'embedded' && last && Date.now() - last.checkedAt < BELIEVED
  if (believed && !fresh) return last
  const health = await ask(provider)
  seen.set(name, health)
  return health
}

/** A provider on hold is not asked: what it said last is told. */
async function withHealth(provider: Provider, fresh: boolean): Promise<ProviderWithHealth> {
  const held = await backoffOf(provider.id)
  if (held) return { ...provider, health: asHeld(held), hold: held }
  const health = await healthOf(provider, fresh)
  return { ...provider, health, hold: await backoffOf(provider.id) }
}

/** The engine is not asked while its heartbeat says that it does not answer, or while it does not start. */
function silentEngine({ words }: AppError): ProviderWithHealth {
  const health: Health = { state: 'bad', ...words, ms: null, checkedAt: Date.now() }
  return { ...engineProvider(), health, hold: null }
}

/** Every provider with whether it answers, and in how many ms. Asked all at once; `fresh` believes nothing older. */
export async function listProvidersWithHealth(fresh = false): Promise<ProviderWithHealth[]> {
  const note = engineOutage()
  const asked = listProviders().filter(({ id }) => id !== 'embedded' || note === null)
  const answers = await Promise.all(asked.map((provider) => withHealth(provider, fresh)))
  return note === null ? answers : [silentEngine(note), ...answers]
}

/** Asks a provider again that was not to be asked: its hold is over, unless it says the same again. */
export async function askAgain(providerId: ProviderId): Promise<ProviderWithHealth[]> {
  await endBackoff(providerId)
  return listProvidersWithHealth(true)
}
