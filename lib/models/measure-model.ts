import { AppError } from '#lib/core/errors.ts'
import { client } from '#lib/providers/client.ts'
import { briefly } from '#lib/providers/fetch.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { readJson } from '#lib/providers/request.ts'
import { type Measurement, type ModelRef, ServedMeasurement } from './schema.ts'

/** How long one step of a large model may take, in ms. */
const PATIENCE = 300_000

/**
 * Lets the built-in engine train one step of a model, to know its speed on this computer.
 * @throws AppError invalid for another provider; APIError as the engine answers, 409 while a job trains
 */
export async function measureModel({ providerId, model }: ModelRef): Promise<Measurement> {
  if (providerId !== 'embedded')
    throw new AppError('invalid', 'models.notMeasurable', { param: 'providerId' })
  // Outside /v1: the gateway forwards it for no program.
  const address = new URL(
    `/limerick/models/${encodeURIComponent(model)}/measure`,
    endpoint(providerId).baseURL,
  )
  const answer = await client(providerId)
    .post(address.href, { signal: briefly(undefined, PATIENCE) })
    .asResponse()
  const found = await readJson(providerId, answer, 'model', ServedMeasurement)
  return { tokensPerSecond: found.tokens_per_second, measuredAt: found.measured_at }
}
