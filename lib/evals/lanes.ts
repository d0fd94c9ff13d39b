import { getJob } from '#lib/jobs/get.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { listChatPrices } from '#lib/providers/chat-price-book.ts'
import { chatPrice } from '#lib/providers/prices.ts'
import type { ChatPrice } from '#lib/providers/schema.ts'
import { getEval } from './get.ts'
import { type Shot, shotsOf } from './plan.ts'
import type { BreakEven, ColumnScore, EvalPage, LanePrices, Worth, WorthLane, WorthQuery } from './schema.ts'
import { type CellFigures, cellFigures, findEval } from './store.ts'
import { costOfCall, worthIt } from './worth.ts'

type Tokens = NonNullable<WorthLane['tokens']>

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Means of a call, over whole answers whose tokens the provider counted. */
function tokensOf(cells: readonly CellFigures[], index: number): { tokens: Tokens | null; n: number } {
  const own = cells.filter(
    (cell) => cell.column_index === index && cell.state === 'answered' && cell.prompt_tokens !== null,
  )
  if (own.length === 0) return { tokens: null, n: 0 }
  const part = (of: (cell: CellFigures) => number | null) => mean(own.map((cell) => of(cell) ?? 0))
  const tokens = {
    prompt: part((cell) => cell.prompt_tokens),
    cached: part((cell) => cell.cached_tokens),
    completion: part((cell) => cell.completion_tokens),
  }
  return { tokens, n: own.length }
}

interface Book {
  prices: readonly ChatPrice[]
  own: LanePrices
  callsPerDay: number
}

function priceOf(kind: WorthLane['kind'], { providerId, model }: ColumnScore, { prices, own }: Book) {
  const price = (kind === 'tuned' ? own.tuned : own.base) ?? chatPrice(prices, providerId, model)
  return price ? { input: price.input, cachedInput: price.cachedInput ?? null, output: price.output } : null
}

interface Measured {
  kind: WorthLane['kind']
  column: ColumnScore
  cells: readonly CellFigures[]
}

function costs(price: WorthLane['price'], tokens: Tokens | null, callsPerDay: number) {
  const costPerCall = price && tokens ? costOfCall(tokens, price) : null
  return { costPerCall, costPerDay: costPerCall === null ? null : costPerCall * callsPerDay }
}

function laneOf({ kind, column, cells }: Measured, book: Book): WorthLane {
  const { providerId, model, fewShot, index, overall, medianMs } = column
  const { tokens, n } = tokensOf(cells, index)
  const price = priceOf(kind, column, book)
  return {
    ...{ kind, providerId, model, fewShot, column: index, scaled: false, tokens, n, price },
    ...costs(price, tokens, book.callsPerDay),
    score: overall,
    medianMs,
  }
}

/**
 * The same with another number of examples, nobody having asked that: their tokens are added or taken away. What
 * is added is reckoned as read anew, not out of the provider's cache.
 */
function scaledTo(k: number, lane: WorthLane, shots: readonly Shot[], { callsPerDay }: Book): WorthLane {
  const sum = (count: number) => shots.slice(0, count).reduce((all, shot) => all + shot.tokens, 0)
  const change = sum(k) - sum(lane.fewShot)
  const prompt = lane.tokens && Math.max(1, lane.tokens.prompt + change)
  const tokens =
    lane.tokens && prompt !== null
      ? { ...lane.tokens, prompt, cached: Math.min(lane.tokens.cached, prompt) }
      : null
  return {
    ...{ ...lane, kind: 'fewShot', fewShot: k, scaled: true, tokens, score: null, medianMs: null },
    ...costs(lane.price, tokens, callsPerDay),
  }
}

function breakEven(
  training: number | null,
  before: WorthLane,
  after: WorthLane,
  callsPerDay: number,
): BreakEven {
  if (training === null || before.costPerCall === null || after.costPerCall === null)
    return { verdict: 'unknown', saving: null, calls: null, days: null }
  const costs = { training, before: before.costPerCall, after: after.costPerCall }
  const { saving, calls, days } = worthIt({ ...costs, callsPerDay })
  if (training === 0 && before.costPerCall === 0 && after.costPerCall === 0)
    return { verdict: 'free', saving, calls: 0, days: 0 }
  if (calls === null) return { verdict: 'never', saving, calls, days }
  return { verdict: training === 0 ? 'paid' : 'after', saving, calls, days }
}

/** The run's own end, else the last column of any run. */
const tunedOf = ({ columns, jobId }: EvalPage): ColumnScore | undefined =>
  columns.findLast((column) => column.kind === 'final' && (jobId === null || column.jobId === jobId)) ??
  columns.findLast(({ kind }) => kind === 'final' || kind === 'checkpoint')

/** A column of the base that was asked with so many examples, or else the one closest to it. */
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
  shots: Shot[],
  book: Book,
): Promise<Lanes> {
  const cells = await cellFigures(page.id)
  const bases = page.columns.filter(isBase(base))
  const [plain, shown, tuned] = [bases.find(({ fewShot }) => fewShot === 0), closest(bases, k), tunedOf(page)]
  const lane = (kind: WorthLane['kind'], column: ColumnScore | undefined) =>
    column && laneOf({ kind, column, cells }, book)
  const near = k > 0 ? lane('fewShot', shown) : undefined
  return {
    base: lane('base', plain),
    fewShot: near && (near.fewShot === k ? near : scaledTo(k, near, shots, book)),
    tuned: lane('tuned', tuned),
  }
}

async function jobOf(page: EvalPage): Promise<JobDetail | null> {
  const id = tunedOf(page)?.jobId ?? page.jobId
  return id === null ? null : getJob(id)
}

/** Examples for prompts: the pinned ones, and more of the same rows where the question needs more. */
async function shotsFor(evalId: string, page: EvalPage, k: number): Promise<Shot[]> {
  const pinned: Shot[] = JSON.parse((await findEval(evalId)).shots_json)
  if (pinned.length >= k) return pinned
  return shotsOf({ datasetId: page.datasetId, revision: page.revision, split: 'train' }, k)
}

/**
 * What training costs and saves: the base alone, the base with `k` examples, and the fine-tuned model, from the tokens
 * that this evaluation's answers were billed for. Sums are micro-dollars.
 * @throws AppError not_found; invalid where the training rows have fewer than `k` examples
 */
export async function worthOf(
  evalId: string,
  { k, callsPerDay, prices: own = {} }: WorthQuery,
): Promise<Worth> {
  const page = await getEval(evalId, { limit: 0 })
  const [job, prices, shots] = await Promise.all([jobOf(page), listChatPrices(), shotsFor(evalId, page, k)])
  const lanes = await lanesOf(page, job?.model, k, shots, { prices, own, callsPerDay })
  const training = job?.cost ?? null
  const beside = (lane: WorthLane | undefined) =>
    lane && lanes.tuned ? breakEven(training, lane, lanes.tuned, callsPerDay) : null
  return {
    ...{ evalId, jobId: job?.id ?? null, callsPerDay, k, training },
    lanes: [lanes.base, lanes.fewShot, lanes.tuned].filter((lane) => lane !== undefined),
    againstBase: beside(lanes.base),
    againstFewShot: beside(lanes.fewShot),
  }
}
