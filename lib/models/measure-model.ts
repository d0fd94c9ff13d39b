import { AppError } from '#lib/core/errors.ts'
import { client } from '#lib/providers/client.ts'
import { briefly } from '#lib/providers/fetch.ts'
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
  const address = `/models/${encodeURIComponent(model)}/measure`
  const answer = await client(providerId)
    .post(address, { signal: briefly(undefined, PATIENCE) })
    .asResponse()
  const found = await readJson(providerId, answer, 'model', ServedMeasurement)
  return { tokensPerSecond: found.tokens_per_second, measuredAt: found.measured_at }
}
