import { listChatPrices } from '#lib/providers/chat-price-list.ts'
import { chatCostOf, chatPrice } from '#lib/providers/prices.ts'
import type { ChatPrice, ProviderId, Spending } from '#lib/providers/schema.ts'
import { listSpending } from '#lib/providers/spend.ts'
import { knownHashes } from './answer-store.ts'
import { tokensPerSecond } from './pace.ts'
import { answerHash, messagesFor, type PinnedColumn, type Plan, planOf } from './plan.ts'
import type { Unaskable } from './rows.ts'
import type { ColumnEstimate, EvalDraft, EvalEstimate, ExcludedRow, ProviderEstimate } from './schema.ts'

const asExcluded = ({ place, ...row }: Unaskable): ExcludedRow => ({ ...row, number: place + 1 })

/** The sum, or null when a part is unknown. */
const sumOf = (parts: readonly (number | null)[]): number | null =>
  parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0)

async function columnEstimate(
  plan: Plan,
  column: PinnedColumn,
  draft: EvalDraft,
  prices: readonly ChatPrice[],
): Promise<ColumnEstimate> {
  const { providerId, model, label, fewShot, sampling } = column
  const hashes = plan.rows.map(({ messages }) =>
    answerHash(column, messagesFor(messages, column, plan.examples), draft),
  )
  const known = await knownHashes(hashes)
  const open = plan.rows.filter((_, index) => !known.has(hashes[index] ?? ''))
  const examples = plan.examples.slice(0, fewShot).reduce((sum, { tokens }) => sum + tokens, 0)
  const promptTokens = open.reduce((sum, row) => sum + row.promptTokens + examples, 0)
  const completionTokens = open.reduce(
    (sum, { answerTokens }) => sum + Math.min(answerTokens, draft.sampling.maxTokens),
    0,
  )
  const price = chatPrice(prices, providerId, model)
  const answers = { answers: plan.rows.length, cached: plan.rows.length - open.length }
  const cost = price && chatCostOf(price, { prompt: promptTokens, completion: completionTokens })
  // Without open answers the cost is zero, whatever the price.
  const sum = open.length === 0 ? 0 : cost
  const tokens = { promptTokens, completionTokens }
  return { providerId, model, label, fewShot, sampling, ...answers, ...tokens, cost: sum }
}

function providerEstimate(
  providerId: ProviderId,
  columns: readonly ColumnEstimate[],
  spending: readonly Spending[],
): ProviderEstimate {
  const cost = sumOf(
    columns.filter((column) => column.providerId === providerId).map((column) => column.cost),
  )
  const limits = spending.find((one) => one.providerId === providerId)
  const { confirmAbove = null, monthlyCap = null } = limits ?? {}
  const left = limits && monthlyCap !== null ? monthlyCap - limits.spent - limits.reserved : null
  const known = cost !== null && confirmAbove !== null && cost > confirmAbove
  const unknown = cost === null && monthlyCap !== null
  const overCap = cost !== null && left !== null && cost > left
  return { providerId, cost, confirmAbove, needsConfirmation: known || unknown, monthlyCap, left, overCap }
}

/** Seconds that the built-in engine writes open answers; null when it has none to write, or its pace is not known. */
async function secondsHere(columns: readonly ColumnEstimate[]): Promise<number | null> {
  const open = columns.filter(
    ({ providerId, answers, cached }) => providerId === 'embedded' && answers > cached,
  )
  if (open.length === 0) return null
  const pace = await tokensPerSecond([...new Set(open.map(({ model }) => model))])
  return pace && open.reduce((sum, { completionTokens }) => sum + completionTokens, 0) / pace
}

/** Estimates a plan's cost and time, and what the limits say to it. */
export async function estimateOf(draft: EvalDraft, plan: Plan): Promise<EvalEstimate> {
  const [prices, spending] = await Promise.all([listChatPrices(), listSpending()])
  const columns: ColumnEstimate[] = []
  for (const column of plan.columns) columns.push(await columnEstimate(plan, column, draft, prices))
  const ids = [...new Set(columns.map(({ providerId }) => providerId))]
  const sum = (part: 'answers' | 'cached') => columns.reduce((all, column) => all + column[part], 0)
  const { datasetId, revision, split } = plan.where
  return {
    datasetId,
    revision,
    split,
    rows: plan.rows.length,
    excluded: plan.excluded.map(asExcluded),
    answers: sum('answers'),
    cached: sum('cached'),
    columns,
    providers: ids.map((id) => providerEstimate(id, columns, spending)),
    cost: sumOf(columns.map(({ cost }) => cost)),
    seconds: await secondsHere(columns),
  }
}

/**
 * Estimates an evaluation in tokens by OpenAI's encoding and in micro-dollars. Nothing is asked.
 * @throws AppError as `planOf`
 */
export const estimateEval = async (draft: EvalDraft): Promise<EvalEstimate> =>
  estimateOf(draft, await planOf(draft))
