/** A value as it will be, and whether it was chosen by rule; `reason` names the rule in the catalogue. */
export interface Resolved {
  value: number
  auto: boolean
  reason: 'few' | 'usual' | 'many' | 'share' | 'base' | null
}

/** Hyperparameters as a person leaves them; a rate is a multiple of the base model's own. */
export interface Wanted {
  nEpochs: number | 'auto'
  batchSize: number | 'auto'
  learningRateMultiplier: number | 'auto'
}

/** Most epochs that a job may have. */
export const MAX_EPOCHS = 50

/** Examples that a small file is seen in all at least, about, and a big one at most. */
const MIN_SEEN = 100
const MAX_SEEN = 25_000

/**
 * How often a file is read when nobody says otherwise: by the rules that OpenAI's service is observed to follow,
 * about a hundred examples seen in all for small files, three epochs usually, at most 25,000 seen.
 */
export function automaticEpochs(examples: number): Resolved {
  const rule = (value: number, reason: Resolved['reason']): Resolved => ({ value, auto: true, reason })
  if (examples * 3 < MIN_SEEN)
    return rule(Math.min(25, Math.max(1, Math.floor(MIN_SEEN / Math.max(1, examples)))), 'few')
  if (examples * 3 > MAX_SEEN) return rule(Math.max(1, Math.floor(MAX_SEEN / examples)), 'many')
  return rule(3, 'usual')
}

/** About 0.2 % of the examples, from 1 to 256. */
export const automaticBatchSize = (examples: number): Resolved => ({
  value: Math.min(256, Math.max(1, Math.round(examples * 0.002))),
  auto: true,
  reason: 'share',
})

const RATE: Resolved = { value: 1, auto: true, reason: 'base' }

const orSet = (wanted: number | 'auto', automatic: Resolved): Resolved =>
  wanted === 'auto' ? automatic : { value: wanted, auto: false, reason: null }

/**
 * What "auto" will become.
 * @param examples rows of the training file
 */
export const resolve = ({ nEpochs, batchSize, learningRateMultiplier }: Wanted, examples: number) => ({
  nEpochs: orSet(nEpochs, automaticEpochs(examples)),
  batchSize: orSet(batchSize, automaticBatchSize(examples)),
  learningRateMultiplier: orSet(learningRateMultiplier, RATE),
})

export interface Plan {
  examples: number
  /** Of one epoch. */
  tokens: number
  nEpochs: number
  batchSize: number
}

/** Optimizer steps of the whole run. */
export const stepsOf = ({ examples, batchSize, nEpochs }: Omit<Plan, 'tokens'>): number =>
  Math.ceil(examples / batchSize) * nEpochs

/** Tokens that a provider bills: every token of every epoch. */
export const billedTokens = ({ tokens, nEpochs }: Pick<Plan, 'tokens' | 'nEpochs'>): number =>
  tokens * nEpochs

/** A run that one might make instead. */
export interface Alternative {
  rows: number
  epochs: number
}

/**
 * Fewer or more rows against fewer or more epochs: half, all and twice the rows, each read once, as often as the rule
 * says for so many rows, and twice that.
 */
export function alternatives(examples: number): Alternative[] {
  const rows = new Set([Math.ceil(examples / 2), examples, examples * 2].filter((count) => count > 0))
  return [...rows].flatMap((count) => {
    const usual = automaticEpochs(count).value
    const epochs = new Set([1, usual, Math.min(MAX_EPOCHS, usual * 2)])
    return [...epochs].map((often) => ({ rows: count, epochs: often }))
  })
}
