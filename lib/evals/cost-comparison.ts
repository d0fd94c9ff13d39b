import { getJob } from '#lib/jobs/get.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { listChatPrices } from '#lib/providers/chat-price-list.ts'
import { chatPrice, meanChatCost } from '#lib/providers/prices.ts'
import type { ChatPrice } from '#lib/providers/schema.ts'
import { breakEven } from './break-even.ts'
import { differenceOf } from './compare.ts'
import type { Quality, Worth, WorthLane } from './cost-schema.ts'
import { getEval } from './get.ts'
import { type FewShotExample, fewShotExamples } from './plan.ts'
import type { ColumnScore, EvalPage, LanePrices, WorthQuery } from './schema.ts'
import { type ColumnFigures, columnFigures } from './scores-store.ts'
import { levelOf } from './scoring.ts'
import { SIGNIFICANT } from './significance.ts'
import { findEval } from './store.ts'

type Tokens = NonNullable<WorthLane['tokens']>

/** Means per call, over complete answers whose tokens the provider counted. */
function tokensOf(figures: ColumnFigures | undefined): { tokens: Tokens | null; n: number } {
  if (!figures || figures.counted === 0) return { tokens: null, n: 0 }
  const { counted: n, countedPrompt, countedCached, countedCompletion } = figures
  return {
    tokens: { prompt: countedPrompt / n, cached: countedCached / n, completion: countedCompletion / n },
    n,
  }
}

interface Pricing {
  prices: readonly ChatPrice[]
  own: LanePrices
  callsPerDay: number
}

function priceOf(kind: WorthLane['kind'], { providerId, model }: ColumnScore, { prices, own }: Pricing) {
  const price = (kind === 'tuned' ? own.tuned : own.base) ?? chatPrice(prices, providerId, model)
  return price ? { input: price.input, cachedInput: price.cachedInput ?? null, output: price.output } : null
}

function costs(price: WorthLane['price'], tokens: Tokens | null, callsPerDay: number) {
  const costPerCall = price && tokens ? meanChatCost(price, tokens) : null
  return { costPerCall, costPerDay: costPerCall === null ? null : costPerCall * callsPerDay }
}

function laneOf(
  kind: WorthLane['kind'],
  column: ColumnScore,
  figures: readonly ColumnFigures[],
  pricing: Pricing,
): WorthLane {
  const { providerId, model, fewShot, index, overall, medianMs } = column
  const { tokens, n } = tokensOf(figures.find((one) => one.column === index))
  const price = priceOf(kind, column, pricing)
  return {
    kind,
    providerId,
    model,
    fewShot,
    column: index,
    scaled: false,
    tokens,
    n,
    price,
    ...costs(price, tokens, pricing.callsPerDay),
    score: overall,
    medianMs,
  }
}

/**
 * The lane with another number of examples, not measured: their tokens are added or subtracted. Added tokens count as
 * not cached.
 */
function scaledTo(
  k: number,
  lane: WorthLane,
  examples: readonly FewShotExample[],
  { callsPerDay }: Pricing,
): WorthLane {
  const sum = (count: number) => examples.slice(0, count).reduce((all, example) => all + example.tokens, 0)
  const change = sum(k) - sum(lane.fewShot)
  const prompt = lane.tokens && Math.max(1, lane.tokens.prompt + change)
  const tokens =
    lane.tokens && prompt !== null
      ? { ...lane.tokens, prompt, cached: Math.min(lane.tokens.cached, prompt) }
      : null
  return {
    ...lane,
    kind: 'fewShot',
    fewShot: k,
    scaled: true,
    tokens,
    score: null,
    medianMs: null,
    ...costs(lane.price, tokens, callsPerDay),
  }
}

/** How well two lanes answer; null when one of them was not measured as it is, or not graded. */
async function qualityOf(
  { id, graders }: EvalPage,
  before: WorthLane,
  after: WorthLane,
): Promise<Quality | null> {
  const levels = [before, after].map(({ score }) => score && levelOf(score))
  const [was = null, is = null] = levels
  const difference = await differenceOf(id, graders, after.column, before.column)
  if (was === null || is === null || !difference) return null
  const { by, mean, p } = difference
  const better = p >= SIGNIFICANT ? null : by > 0 ? 'after' : 'before'
  return { before: was, after: is, mean, better, p }
}

/** The job's own result, else the last column of any job. */
const tunedOf = ({ columns, jobId }: EvalPage): ColumnScore | undefined =>
  columns.findLast((column) => column.kind === 'final' && (jobId === null || column.jobId === jobId)) ??
  columns.findLast(({ kind }) => kind === 'final' || kind === 'checkpoint')

/** The base model's column with that number of examples, or else the closest one. */
function closest(columns: readonly ColumnScore[], k: number): ColumnScore | undefined {
  const distance = ({ fewShot }: ColumnScore) => Math.abs(fewShot - k)
  return columns.toSorted((a, b) => distance(a) - distance(b))[0]
}

const isBase =
  (base: string | undefined) =>
  ({ kind, model }: ColumnScore): boolean =>
    (kind === 'base' || kind === 'fewShot') && (base === undefined || model === base)

interface Lanes {
  base?: WorthLane
  fewShot?: WorthLane
  tuned?: WorthLane
}

async function lanesOf(
  page: EvalPage,
  base: string | undefined,
  k: number,
  examples: FewShotExample[],
  pricing: Pricing,
): Promise<Lanes> {
  const figures = await columnFigures(page.id)
  const bases = page.columns.filter(isBase(base))
  const [plain, shown, tuned] = [bases.find(({ fewShot }) => fewShot === 0), closest(bases, k), tunedOf(page)]
  const lane = (kind: WorthLane['kind'], column: ColumnScore | undefined) =>
    column && laneOf(kind, column, figures, pricing)
  const near = k > 0 ? lane('fewShot', shown) : undefined
  return {
    base: lane('base', plain),
    fewShot: near && (near.fewShot === k ? near : scaledTo(k, near, examples, pricing)),
    tuned: lane('tuned', tuned),
  }
}

async function jobOf(page: EvalPage): Promise<JobDetail | null> {
  const id = tunedOf(page)?.jobId ?? page.jobId
  return id === null ? null : getJob(id)
}

/** Few-example examples: those of the evaluation, or more of the same rows when `k` needs more. */
async function examplesFor(evalId: string, page: EvalPage, k: number): Promise<FewShotExample[]> {
  const pinned: FewShotExample[] = JSON.parse((await findEval(evalId)).shots_json)
  if (pinned.length >= k) return pinned
  return fewShotExamples({ datasetId: page.datasetId, revision: page.revision, split: 'train' }, k)
}

/**
 * What training costs and saves: the base model alone, the base model with `k` examples, and the fine-tuned model, from
 * the tokens that this evaluation's answers were billed for. Sums are micro-dollars.
 * @throws AppError not_found; invalid when the training rows have fewer than `k` examples
 */
export async function compareCosts(
  evalId: string,
  { k, callsPerDay, training: assumed, prices: own = {} }: WorthQuery,
): Promise<Worth> {
  const page = await getEval(evalId, { limit: 0 })
  const [job, prices, examples] = await Promise.all([
    jobOf(page),
    listChatPrices(),
    examplesFor(evalId, page, k),
  ])
  const lanes = await lanesOf(page, job?.model, k, examples, { prices, own, callsPerDay })
  const training = assumed ?? job?.cost ?? null
  const { base, fewShot, tuned } = lanes
  const beside = async (lane: WorthLane | undefined) => {
    if (!lane || !tuned) return null
    const [before, after] = [lane.costPerCall, tuned.costPerCall]
    return breakEven({ training, before, after, callsPerDay }, await qualityOf(page, lane, tuned))
  }
  return {
    evalId,
    jobId: job?.id ?? null,
    callsPerDay,
    k,
    training,
    trainedTokens: job?.trainedTokens ?? null,
    lanes: [base, fewShot, tuned].filter((lane) => lane !== undefined),
    againstBase: await beside(base),
    againstFewShot: await beside(fewShot),
  }
}
