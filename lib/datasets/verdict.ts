import { APIError } from 'openai'
import { AppError } from '#lib/core/errors.ts'
import { memoize } from '#lib/core/memoize.ts'
import { catalogSoon, modelIn } from '#lib/providers/catalog.ts'
import { providerKind } from '#lib/providers/kinds.ts'
import { listProviders } from '#lib/providers/registry.ts'
import type { CatalogModel, Provider, ProviderKind } from '#lib/providers/schema.ts'
import { encodingOf } from '#lib/tokens/encoding.ts'
import type { Verdict } from '#lib/training-data/schema.ts'
import { type TargetName, targets } from '#lib/training-data/targets.ts'
import {
  cutFinding,
  IssueGroups,
  type Reading,
  type Target,
  worstReading,
} from '#lib/training-data/verdict.ts'
import { rowLines } from './bytes.ts'
import type { VerdictQuery } from './estimate-schema.ts'
import { rowsWith } from './revision-rows-store.ts'
import type { DatasetSummary, Split } from './schema.ts'
import { tokenScale } from './token-ratio.ts'
import { readByEngine } from './tokens.ts'
import { getVersionSummary } from './view.ts'
import { work } from './worker/client.ts'
import type { Judged, LongRow } from './worker/verdict.ts'

/** Providers recognised by the host of their address. */
const HOSTS: readonly [host: RegExp, name: TargetName][] = [
  [/\.azure\.com(:|\/|$)/, 'azure'],
  [/\.together\.(xyz|ai)(:|\/|$)/, 'together'],
]

type Place = Pick<Provider, 'id' | 'address' | 'capabilities'>

/** Kinds of providers whose rules are known. */
const RULES: Partial<Record<ProviderKind, TargetName>> = {
  embedded: 'engine',
  openai: 'openai',
  azure: 'azure',
  together: 'together',
  fireworks: 'fireworks',
}

const nameOf = ({ id, address }: Place): TargetName =>
  HOSTS.find(([host]) => host.test(address))?.[1] ?? RULES[providerKind(id)] ?? 'compatible'

/** What a model accepts as training data at its provider. */
function targetOf(provider: Place, model: CatalogModel | null): Target {
  const usual: Target = targets[nameOf(provider)]
  // The engine's context length is that of its model; unknown without a model.
  const context = model?.context ?? (provider.id === 'embedded' ? null : usual.context)
  return { ...usual, context, preference: usual.preference && provider.capabilities.preference }
}

/** Share of a context up to which a row surely fits: the token ratio between vocabularies differs from row to row. */
const SURELY = 0.5

/** Tokens by OpenAI's newest encoding up to which a row fits for certain. */
async function fitting(dataset: DatasetSummary, context: number, { id }: Place, model: string) {
  if (id !== 'embedded') return encodingOf(model) === 'o200k_base' ? context : context * SURELY
  return (context / ((await tokenScale(dataset, model))?.sequence ?? 1)) * SURELY
}

/** The engine's count of each row, until it fails to answer. */
async function readAll(model: string, long: readonly LongRow[]): Promise<(Reading | null)[]> {
  const readings: (Reading | null)[] = []
  try {
    for await (const { line } of rowLines(await rowsWith(long.map(({ seq }) => seq))))
      readings.push(worstReading(line.text === null ? [] : await readByEngine(line.text, model)) ?? null)
  } catch (thrown) {
    if (!(thrown instanceof APIError || thrown instanceof AppError)) throw thrown
  }
  return readings
}

function groupIssues(
  { rows, found, long, more }: Judged,
  readings: (Reading | null)[],
  target: Target,
): Verdict {
  const groups = new IssueGroups()
  const place = { column: 1, path: '' }
  for (const { finding, count, rows: named } of found)
    for (const [index, at] of named.entries())
      groups.add({ ...finding, ...place, ...at }, index === 0 ? count - named.length + 1 : 1)
  const limit = target.context ?? 0
  for (const [index, reading] of readings.entries()) {
    const { line, row } = long[index] as LongRow
    for (const { rule, severity, values = {} } of reading ? cutFinding(reading, limit) : [])
      groups.add({ rule, severity, values, ...place, line, row })
  }
  const unread = more + long.length - readings.length
  const values = { what: 'unread', count: unread, limit }
  if (unread > 0) groups.add({ rule: 'over-context', severity: 'warning', ...place, line: 1, values }, unread)
  const verdict = groups.finish(rows, target)
  return readings.length < long.length ? { ...verdict, partial: true } : verdict
}

async function judgeRows(dataset: DatasetSummary, split: Split, provider: Place, model: CatalogModel | null) {
  const usual = targetOf(provider, model)
  // Few held-out rows are fine.
  const target = split === 'train' ? usual : { ...usual, minimumRows: 0 }
  const { context } = target
  const { id: datasetId, revision } = dataset
  const name = model?.id ?? ''
  const fits = context === null ? null : await fitting(dataset, context, provider, name)
  const encoding = provider.id === 'embedded' ? null : encodingOf(name)
  const judged = await work('judge', { datasetId, revision, split, target, fits, encoding })
  const readings = encoding ? judged.long.map(({ reading }) => reading) : await readAll(name, judged.long)
  return groupIssues(judged, readings, target)
}

const known = memoize<Verdict>(100, ({ partial }) => !partial)

/** Whether the rows of a split suit a model; cached per revision. */
export const verdictAt = (
  dataset: DatasetSummary,
  split: Split,
  provider: Place,
  model: CatalogModel | null,
): Promise<Verdict> =>
  known(
    [dataset.id, dataset.revision, split, provider.id, provider.address, model?.id, model?.context].join(' '),
    () => judgeRows(dataset, split, provider, model),
  )

/**
 * Whether the rows of a split suit a destination: the same on every page, and before a launch.
 * @returns only what is known of the provider, when it does not answer
 * @throws AppError not_found
 */
export async function verdict(
  datasetId: string,
  { providerId, model, split, version }: VerdictQuery,
): Promise<Verdict> {
  const dataset = await getVersionSummary(datasetId, version ?? null)
  const provider = listProviders().find(({ id }) => id === providerId)
  if (!provider) return { rows: dataset[split].examples, context: null, groups: [] }
  const models = await catalogSoon(providerId)
  return verdictAt(dataset, split, provider, models && modelIn(models, providerId, model))
}
