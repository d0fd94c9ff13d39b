/**
 * Azure OpenAI and Foundry, whose API is OpenAI's but for its key's header, its names and its states. Both of its surfaces:
 * `/openai/v1`, and the classic one with a version in the query and the deployment in the path.
 */
import { z } from 'zod'
import { orNull } from '#lib/core/or-null.ts'
import { type Adapter, bearer, number, rawOf } from './adapter.ts'
import { amended } from './amended.ts'

/** An Entra token is a JWT, which goes where OpenAI's keys go; a resource's own key has a header of its own. */
const isToken = (key: string): boolean => /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(key)

const flag = orNull(z.boolean())

const Served = z.object({
  id: z.string(),
  capabilities: orNull(z.object({ fine_tune: flag, chat_completion: flag })),
  deprecation: orNull(z.object({ fine_tune: number, inference: number })),
})

/** Models that can be trained, by Microsoft's tables of November 2026, where a list does not say. */
const TRAINABLE =
  /^(gpt-4o(-mini)?-2024-|gpt-4\.1(-mini|-nano)?-2025-|gpt-35-turbo-(0125|1106|0613)|gpt-oss-20b|ministral-3b|llama-3\.3-70b|qwen-?3-32b)/i

const NO_CHAT =
  /embedding|whisper|tts|transcribe|dall-e|image|audio|realtime|sora|davinci|babbage|curie|ada\b/i

const dayOf = (seconds: number | null | undefined): string | null =>
  seconds ? new Date(seconds * 1000).toISOString().slice(0, 10) : null

/** A model as the catalogue reads it. Azure says when a model stops to be trained, and when it stops to answer. */
function modelOf(model: Record<string, unknown>): Record<string, unknown> | null {
  const { data } = Served.safeParse(model)
  if (!data) return null
  const { id, capabilities, deprecation } = data
  if (!(capabilities?.chat_completion ?? (capabilities?.fine_tune || !NO_CHAT.test(id)))) return null
  const isOver = (deprecation?.fine_tune ?? Number.POSITIVE_INFINITY) * 1000 <= Date.now()
  return {
    ...model,
    shutdown_date: dayOf(deprecation?.inference),
    limerick: { trainable: (capabilities?.fine_tune ?? TRAINABLE.test(id)) && !isOver },
  }
}

/** Azure's first state, and its word for a file that waits. */
const STATUSES: Record<string, string> = { pending: 'queued', notrunning: 'queued', deleted: 'cancelled' }

const statusIn = ({ status }: Record<string, unknown>): string =>
  STATUSES[String(status).toLowerCase()] ?? String(status)

const jobOf = (job: Record<string, unknown>) => ({
  ...job,
  status: statusIn(job),
  limerick: { provider_raw: rawOf(job) },
})

/** An address below the base URL, with the version of the classic API. */
const versioned = (address: string, version: string | null): string =>
  version === null ? address : `${address}?${new URLSearchParams({ 'api-version': version })}`

export const AZURE: Adapter = {
  auth: (key) => (isToken(key) ? bearer(key) : { 'api-key': key }),
  answersAt: (baseURL, path, model, version) =>
    version === null || path === '/responses'
      ? versioned(`${baseURL}${path}`, version)
      : versioned(`${baseURL}/deployments/${encodeURIComponent(model)}${path}`, version),
  translate: (baseURL, send) => amended(baseURL, send, { job: jobOf, model: modelOf }),
}
