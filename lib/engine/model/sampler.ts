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
  const probabilities = softmax(logits, temperature)
  if (topP >= 1) return draw(probabilities, null, random())
  const nucleus = likeliest(probabilities, topP)
  const mass = nucleus.reduce((sum, id) => sum + (probabilities[id] ?? 0), 0)
  return draw(probabilities, nucleus, random() * mass)
}

function argmax(logits: Float32Array): number {
  let best = 0
  for (let id = 1; id < logits.length; id++) if ((logits[id] as number) > (logits[best] as number)) best = id
  return best
}

// Loops over typed arrays: callbacks per number would take as long as the model itself.
function softmax(logits: Float32Array, temperature: number): Float64Array {
  const top = logits[argmax(logits)] as number
  const weights = new Float64Array(logits.length)
  let sum = 0
  for (let id = 0; id < logits.length; id++) {
    const weight = Math.exp(((logits[id] as number) - top) / temperature)
    weights[id] = weight
    sum += weight
  }
  for (let id = 0; id < weights.length; id++) weights[id] = (weights[id] as number) / sum
  return weights
}

/** Ids by descending probability until their sum reaches `mass`; at least one. */
function likeliest(probabilities: Float64Array, mass: number): number[] {
  const order = candidates(probabilities, mass).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number),
  )
  let sum = 0
  const enough = order.findIndex((id) => {
    sum += probabilities[id] as number
    return sum >= mass
  })
  return order.slice(0, enough === -1 ? order.length : enough + 1)
}

/** Leaves out ids that are too improbable to be needed: all of them together have less than half of the rest. */
function candidates(probabilities: Float64Array, mass: number): number[] {
  const least = (1 - mass) / probabilities.length / 2
  const found: number[] = []
  for (let id = 0; id < probabilities.length; id++) if ((probabilities[id] as number) >= least) found.push(id)
  return found
}

/**
 * Inverse transform sampling: the id at which the cumulative probability reaches `point`.
 * @param ids null for all, in order
 */
function draw(probabilities: Float64Array, ids: readonly number[] | null, point: number): number {
  let left = point
  let last = 0
  const count = (ids ?? probabilities).length
  for (let index = 0; index < count; index++) {
    const id = ids ? (ids[index] as number) : index
    const probability = probabilities[id] as number
    if (probability === 0) continue
    last = id // rounding may leave a remainder: then the last possible id is drawn
    left -= probability
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
