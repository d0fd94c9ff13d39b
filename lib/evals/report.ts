import { maybeVersion } from '#lib/datasets/versions-store.ts'
import type { Locale } from '#lib/i18n/locale.ts'
import type { LooseTranslator } from '#lib/i18n/loose-translator.ts'
import { translate } from '#lib/i18n/translate.ts'
import { getJob } from '#lib/jobs/get.ts'
import { getSeries } from '#lib/jobs/get-series.ts'
import { filesOf } from '#lib/jobs/job-name.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import type { Series } from '#lib/jobs/series-schema.ts'
import { listAliases } from '#lib/models/aliases.ts'
import { curveSvg } from './curve-svg.ts'
import { type Decision, decisionsIn } from './decision.ts'
import { getEval } from './get.ts'
import { type Html, html, joined, pageAround } from './html.ts'
import { REPORTED } from './queries.ts'
import type { ColumnScore, EvalPage, Score } from './schema.ts'
import { scoresOf } from './scores.ts'

/** px; also the curve's greatest number of buckets. */
const CURVE_WIDTH = 640

const day = (ms: number | null): string =>
  ms === null ? '—' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

type Words = ReturnType<typeof translate<'report'>>

const dollars = (t: Words, microDollars: number | null): string =>
  microDollars === null
    ? t('noDollars')
    : `$${(microDollars / 1e6).toFixed(microDollars % 10_000 === 0 ? 2 : 6)}`

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const said = (t: Words, value: string | number | null): string =>
  value === null ? t('unknown') : String(value)

function table(rows: readonly (readonly [string, string])[]): Html {
  return html`<table>${joined(rows.map(([name, value]) => html`<tr><th>${name}</th><td dir="auto">${value}</td></tr>`))}</table>`
}

const config = (t: Words, job: JobDetail): Html =>
  table([
    [t('settings.model'), job.model],
    [t('settings.fineTunedModel'), said(t, job.fineTunedModel)],
    [t('settings.provider'), job.providerId],
    [t('settings.epochs'), said(t, job.hyperparameters.nEpochs)],
    [t('settings.batchSize'), said(t, job.hyperparameters.batchSize)],
    [t('settings.learningRateMultiplier'), said(t, job.hyperparameters.learningRateMultiplier)],
    ...(job.hyperparameters.learningRate === null
      ? []
      : ([[t('settings.learningRate'), said(t, job.hyperparameters.learningRate)]] as const)),
    [t('settings.seed'), said(t, job.seed)],
    [t('settings.steps'), said(t, job.totalSteps)],
    [t('settings.trainedTokens'), said(t, job.trainedTokens)],
    [t('settings.time'), `${day(job.createdAt)}, ${day(job.finishedAt)}`],
    [t('settings.cost'), dollars(t, job.cost)],
  ])

async function data(t: Words, { datasetName, datasetVersion, trainRows }: JobDetail): Promise<Html> {
  const version = await maybeVersion(datasetVersion?.id ?? null)
  return table([
    [t('data.dataset'), said(t, datasetName)],
    [t('data.version'), datasetVersion ? `v${datasetVersion.number}` : t('unknown')],
    [t('data.sha256'), said(t, version?.sha256 ?? null)],
    [t('data.trainRows'), said(t, trainRows)],
    [t('data.heldOutRows'), said(t, version?.heldout_rows ?? null)],
  ])
}

function passesText(t: Words, { share, passed, n, notGraded, interval }: Score & { share: number }): string {
  const range = { low: percent(interval.low), high: percent(interval.high) }
  const passes = t('scores.passed', { passed, n, share: percent(share), ...range })
  return notGraded > 0 ? `${passes}; ${t('scores.notGraded', { count: notGraded })}` : passes
}

function scoreText(t: Words, score: Score): string {
  const { share, notGraded, mean, meanInterval } = score
  if (share === null)
    return notGraded > 0 ? t('scores.notGraded', { count: notGraded }) : t('scores.noAnswer')
  const passes = passesText(t, { ...score, share })
  if (mean === null) return passes
  const range = meanInterval
    ? ` ${t('scores.interval', { low: meanInterval.low.toFixed(3), high: meanInterval.high.toFixed(3) })}`
    : ''
  return `${t('scores.mean', { mean: mean.toFixed(3) })}${range}; ${passes}`
}

function scoreRow(t: Words, { label, kind, scores, overall }: ColumnScore): Html {
  const each = scores.map((score) => html`<div>${score.grader.kind}: ${scoreText(t, score)}</div>`)
  const all =
    scores.length > 1 ? html`<div><b>${t('scores.all')}</b>: ${scoreText(t, overall)}</div>` : html``
  return html`<tr><th dir="auto">${label}<br><small>${kind}</small></th><td>${all}${joined(each)}</td></tr>`
}

const textAt = (t: Words, row: EvalPage['rows'][number], column: ColumnScore | undefined): string =>
  row.cells.find((cell) => cell.column === column?.index)?.text ?? t('unknown')

function pairs(t: Words, { rows, columns }: EvalPage, jobId: string): Html {
  const base = columns.find(({ kind }) => kind === 'base')
  const tuned =
    columns.findLast((column) => column.jobId === jobId && column.kind === 'final') ?? columns.at(-1)
  const line = (name: string, text: string) =>
    html`<tr><th>${name}</th><td><pre dir="auto">${text}</pre></td></tr>`
  return joined(
    rows.map((row) => {
      const question = row.messages.findLast(({ role }) => role === 'user')?.text ?? ''
      const answers = [
        line(t('answers.base'), textAt(t, row, base)),
        line(t('answers.tuned'), textAt(t, row, tuned)),
        line(t('answers.expected'), row.expected),
      ]
      return html`<h3 dir="auto">${question}</h3><table>${joined(answers)}</table>`
    }),
  )
}

function evaluation(t: Words, page: EvalPage | null, jobId: string): Html {
  if (!page) return html`<p>${t('scores.none')}</p>`
  const { split, rowCount, excluded, paid } = page
  const rows = t('scores.rows', { split, rows: rowCount, excluded: excluded.length, cost: dollars(t, paid) })
  return html`<p>${rows}</p>
<table>${joined(page.columns.map((column) => scoreRow(t, column)))}</table>
<h2>${t('answers.title')}</h2>${pairs(t, page, jobId)}`
}

const curve = (t: Words, series: Series, locale: Locale): Html =>
  series.count === 0 ? html`<p>${t('loss.none')}</p>` : curveSvg(series, locale)

/** Other providers have statuses of their own. */
function statusIn(locale: Locale, status: string): string {
  const t = translate('jobs.status', locale) as unknown as LooseTranslator
  return t.has(status) ? t(status) : status
}

/** Which aliases point at a model of the job, since when and why. */
function decision(t: Words, decisions: readonly Decision[]): Html {
  if (decisions.length === 0) return html`<p>${t('decision.none')}</p>`
  const words = ({ model, who, why, holds }: Decision) =>
    t(holds ? 'decision.points' : 'decision.pointed', {
      model,
      who,
      why: why ? 'given' : 'none',
      reason: why ?? '',
    })
  return table(decisions.map((one) => [`${day(one.at)} ${one.alias}`, words(one)]))
}

/**
 * A job's report on one self-contained page: data, settings, curve, scores, a few answers and cost. Without scripts,
 * external addresses or unescaped text.
 * @returns an HTML file with its name
 * @throws AppError not_found
 */
export async function jobReport(jobId: string, locale: Locale): Promise<{ name: string; html: string }> {
  const t = translate('report', locale)
  const job = await getJob(jobId)
  const { evalId, best, lastIsBest } = await scoresOf(jobId)
  const page = evalId === null ? null : await getEval(evalId, REPORTED)
  const series = await getSeries(jobId, { width: CURVE_WIDTH })
  const name = job.name || job.suffix || job.datasetName || job.model
  const title = t('title', { number: job.number, name })
  const found =
    best === null || lastIsBest !== false ? html`` : html`<p>${t('scores.best', { step: best })}</p>`
  const decided = decision(t, decisionsIn(await listAliases(), job))
  const body = html`<h1 dir="auto">${title}</h1><p>${statusIn(locale, job.status)}</p>
<h2>${t('decision.title')}</h2>${decided}
<h2>${t('data.title')}</h2>${await data(t, job)}
<h2>${t('settings.title')}</h2>${config(t, job)}
<h2>${t('loss.title')}</h2>${curve(t, series, locale)}
<h2>${t('scores.title')}</h2>${found}${evaluation(t, page, jobId)}
`
  const { head, foot } = pageAround(locale, title)
  return { name: `${filesOf([job])}.html`, html: `${head}${body}${foot}` }
}
