import 'server-only'
import OpenAI, { AzureOpenAI } from 'openai'
import { adapterOf } from './adapters/of.ts'
import { toEngine, upstream, within } from './fetch.ts'
import { type Endpoint, endpoint } from './registry.ts'

const clients = new Map<string, OpenAI>()

function fetchOf({ provider, baseURL, reach }: Endpoint): typeof fetch {
  if (provider.id === 'embedded') return toEngine()
  const { translate } = adapterOf(provider.id)
  return reach === null ? upstream : within(reach, (send) => translate?.(baseURL, send) ?? send)
}

/**
 * The only maker of OpenAI clients. `maxRetries: 0`: a lost answer to a paid call must be looked up, not bought again.
 * Every setting is passed, or passed as null, so that nothing is read from the environment.
 */
export function makeClient(endpoint: Endpoint): OpenAI {
  const { provider, baseURL, version, key } = endpoint
  // No option turns this variable off: its headers, perhaps another key, would go to every provider.
  delete process.env.OPENAI_CUSTOM_HEADERS
  const options = {
    baseURL,
    apiKey: key.reveal(),
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: fetchOf(endpoint),
  } as const
  // The adapter alone says which header carries the key: the SDK's classes would each choose one.
  const defaultHeaders = {
    authorization: null,
    'api-key': null,
    ...adapterOf(provider.id).auth(key.reveal()),
  }
  return version === null
    ? new OpenAI({ ...options, defaultHeaders })
    : new AzureOpenAI({ ...options, defaultHeaders, apiVersion: version })
}

/**
 * The client of a provider, cached while address and key are the same.
 * @throws AppError not_found or unavailable
 */
export function client(providerId: string): OpenAI {
  const found = endpoint(providerId)
  const name = `${found.provider.id} ${found.baseURL} ${found.version} ${found.key.reveal()}`
  const known = clients.get(name)
  if (known) return known
  const made = makeClient(found)
  clients.set(name, made)
  return made
}
