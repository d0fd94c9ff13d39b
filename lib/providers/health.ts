import { failure } from '#lib/http/failure.ts'
import { client } from './client.ts'
import { listProviders } from './registry.ts'
import type { Health, Provider, ProviderId, ProviderWithHealth } from './schema.ts'
import { briefly } from './upstream.ts'

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
  const found = await answers(id).then(() => null, failure)
  return {
    state: found ? 'bad' : 'ok',
    message: found?.message ?? null,
    ms: found ? null : Math.round(performance.now() - started),
    checkedAt: Date.now(),
  }
}

async function healthOf(provider: Provider, fresh: boolean): Promise<Health> {
  const name = `${provider.id} ${provider.address}`
  const last = seen.get(name)
  const believed = provider.id !== 'embedded' && last && Date.now() - last.checkedAt < BELIEVED
  if (believed && !fresh) return last
  const health = await ask(provider)
  seen.set(name, health)
  return health
}

/** Every provider with whether it answers, and in how many ms. Asked all at once; `fresh` believes nothing older. */
export const listProvidersWithHealth = (fresh = false): Promise<ProviderWithHealth[]> =>
  Promise.all(
    listProviders().map(async (provider) => ({ ...provider, health: await healthOf(provider, fresh) })),
  )
