import type { Random } from '#lib/core/random.ts'

export interface SamplingOptions {
  /** 0 means greedy decoding. */
  temperature: number
  /** Nucleus sampling: only the most likely tokens that together reach this probability (Holtzman et al. 2020). */
  topP: number
}

/** Samples the next token from logits [vocabulary]. */
export function sample(logits: Float32Array, { temperature, topP }: SamplingOptions, random: Random): number {
  if (temperature === 0) return argmax(logits)
  const { weights, sum } = softmax(logits, temperature)
  if (topP >= 1) return draw(weights, null, random() * sum)
  const nucleus = likeliest(weights, topP * sum)
  const mass = nucleus.reduce((total, id) => total + (weights[id] ?? 0), 0)
  return draw(weights, nucleus, random() * mass)
}

function argmax(logits: Float32Array): number {
  let best = 0
  for (let id = 1; id < logits.length; id++) if ((logits[id] as number) > (logits[best] as number)) best = id
  return best
}

/** Log of a weight beside which all smaller ones together are less than rounding errors. */
const NEGLIGIBLE = -50

/** Probabilities times their sum: the largest weight is 1. */
// Loops over typed arrays: callbacks per number would take as long as the model itself.
function softmax(logits: Float32Array, temperature: number): { weights: Float64Array; sum: number } {
  const top = logits[argmax(logits)] as number
  const weights = new Float64Array(logits.length)
  let sum = 0
  for (let id = 0; id < logits.length; id++) {
    const log = ((logits[id] as number) - top) / temperature
    if (log < NEGLIGIBLE) continue
    const weight = Math.exp(log)
    weights[id] = weight
    sum += weight
  }
  return { weights, sum }
}

/** Ids by descending weight until their sum reaches `mass`; at least one. */
function likeliest(weights: Float64Array, mass: number): number[] {
  const order = candidates(weights, mass).sort((a, b) => (weights[b] as number) - (weights[a] as number))
  let sum = 0
  const enough = order.findIndex((id) => {
    sum += weights[id] as number
    return sum >= mass
  })
  return order.slice(0, enough === -1 ? order.length : enough + 1)
}

/** Ids of the largest weights, enough to reach `mass` together: few have to be sorted. */
function candidates(weights: Float64Array, mass: number): number[] {
  for (let log = -4; ; log *= 2) {
    const least = Math.exp(log)
    const found: number[] = []
    let sum = 0
    for (let id = 0; id < weights.length; id++) {
      const weight = weights[id] as number
      if (weight < least) continue
      found.push(id)
      sum += weight
    }
    if (sum >= mass || log < NEGLIGIBLE) return found
  }
}

/**
 * Inverse transform sampling: the id at which the cumulative weight reaches `point`.
 * @param ids null for all, in order
 */
function draw(weights: Float64Array, ids: readonly number[] | null, point: number): number {
  let left = point
  let last = 0
  const count = (ids ?? weights).length
  for (let index = 0; index < count; index++) {
    const id = ids ? (ids[index] as number) : index
    const weight = weights[id] as number
    if (weight === 0) continue
    last = id // rounding may leave a remainder: then the last possible id is drawn
    left -= weight
    if (left < 0) break
  }
  return last
}

/** log softmax(logits): the model's own distribution, independent of the temperature. */
export function logProbabilities(logits: Float32Array): Float64Array {
  const top = logits[argmax(logits)] as number
  let sum = 0
  for (let id = 0; id < logits.length; id++) sum += Math.exp((logits[id] as number) - top)
  const log = Math.log(sum)
  return Float64Array.from(logits, (logit) => logit - top - log)
}

/** The ids of the `count` largest values, largest first. */
export function largest(values: Float64Array, count: number): number[] {
  const found: number[] = []
  for (const [id, value] of values.entries()) {
    if (found.length === count && value <= (values[found.at(-1) ?? 0] as number)) continue
    const place = found.findIndex((other) => value > (values[other] as number))
    found.splice(place === -1 ? found.length : place, 0, id)
    found.length = Math.min(found.length, count)
  }
  return found
}
