import 'server-only'
import OpenAI from 'openai'
import { toEngine, upstream, within } from './fetch.ts'
import { type Endpoint, endpoint } from './registry.ts'

const clients = new Map<string, OpenAI>()

const fetchOf = ({ provider, reach }: Endpoint): typeof fetch =>
  provider.id === 'embedded' ? toEngine() : reach === null ? upstream : within(reach)

/**
 * The only maker of OpenAI clients. `maxRetries: 0`: a lost answer to a paid call must be looked up, not bought again.
 * Every setting is passed, or passed as null, so that nothing is read from the environment.
 */
export function makeClient(endpoint: Endpoint): OpenAI {
  const { baseURL, key } = endpoint
  // No option turns this variable off: its headers, perhaps another key, would go to every provider.
  delete process.env.OPENAI_CUSTOM_HEADERS
  return new OpenAI({
    baseURL,
    apiKey: key.reveal(),
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: fetchOf(endpoint),
  })
}

/**
 * The client of a provider, cached while address and key are the same.
 * @throws AppError not_found or unavailable
 */
export function client(providerId: string): OpenAI {
  const found = endpoint(providerId)
  const name = `${found.provider.id} ${found.baseURL} ${found.key.reveal()}`
  const known = clients.get(name)
  if (known) return known
  const made = makeClient(found)
  clients.set(name, made)
  return made
}
