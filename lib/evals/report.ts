import { maybeVersion } from '#lib/datasets/versions-store.ts'
import { getJob } from '#lib/jobs/get.ts'
import { getSeries } from '#lib/jobs/get-series.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import type { Series } from '#lib/jobs/series-schema.ts'
import { curveSvg } from './curve-svg.ts'
import { type Decision, decisionsOf } from './decision.ts'
import { getEval } from './get.ts'
import { type Html, html, joined } from './html.ts'
import type { ColumnScore, EvalPage, Score } from './schema.ts'
import { scoresOf } from './scores.ts'

/** Rows whose answers are on a report. */
const PAIRS = 5

/** px; also the curve's greatest number of buckets. */
const CURVE_WIDTH = 640

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-block-start: 2rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .3rem .6rem .3rem 0; border-block-end: 1px solid #8884 }
td { overflow-wrap: anywhere } th { font-weight: 500; white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: inherit }
svg { max-width: 100%; height: auto } .train { stroke: #2563eb } .valid { stroke: #ea580c }
small { opacity: .75 }`

const day = (ms: number | null): string =>
  ms === null ? '—' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

const dollars = (microDollars: number | null): string =>
  microDollars === null
    ? 'not known'
    : `$${(microDollars / 1e6).toFixed(microDollars % 10_000 === 0 ? 2 : 6)}`

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const said = (value: string | number | null): string => (value === null ? '—' : String(value))

function table(rows: readonly (readonly [string, string])[]): Html {
  return html`<table>${joined(rows.map(([name, value]) => html`<tr><th>${name}</th><td dir="auto">${value}</td></tr>`))}</table>`
}

const config = (job: JobDetail): Html =>
  table([
    ['Base model', job.model],
    ['Fine-tuned model', said(job.fineTunedModel)],
    ['Trained by', job.providerId],
    ['Epochs', said(job.hyperparameters.nEpochs)],
    ['Batch size', said(job.hyperparameters.batchSize)],
    ['Learning rate multiplier', said(job.hyperparameters.learningRateMultiplier)],
    ['Seed', said(job.seed)],
    ['Steps', said(job.totalSteps)],
    ['Trained tokens', said(job.trainedTokens)],
    ['Began, ended (UTC)', `${day(job.createdAt)}, ${day(job.finishedAt)}`],
    ['Cost of training', dollars(job.cost)],
  ])

async function data({ datasetName, datasetVersion, trainRows }: JobDetail): Promise<Html> {
  const version = await maybeVersion(datasetVersion?.id ?? null)
  return table([
    ['Dataset', said(datasetName)],
    ['Version', datasetVersion ? `v${datasetVersion.number}` : '—'],
    ['SHA-256', said(version?.sha256 ?? null)],
    ['Training rows', said(trainRows)],
    ['Held-out rows', said(version?.heldout_rows ?? null)],
  ])
}

function scoreText({ share, passed, n, notGraded, interval, mean, meanInterval }: Score): string {
  if (share === null) return notGraded > 0 ? `${notGraded} not graded` : 'no whole answer'
  const passes = `${passed} of ${n} passed (${percent(share)}; 95 % interval ${percent(interval.low)} to ${percent(interval.high)})${notGraded > 0 ? `; ${notGraded} not graded` : ''}`
  if (mean === null) return passes
  const range = meanInterval
    ? ` (95 % interval ${meanInterval.low.toFixed(3)} to ${meanInterval.high.toFixed(3)})`
    : ''
  return `mean ${mean.toFixed(3)}${range}; ${passes}`
}

function scoreRow({ label, kind, scores, overall }: ColumnScore): Html {
  const each = scores.map((score) => html`<div>${score.grader.kind}: ${scoreText(score)}</div>`)
  const all = scores.length > 1 ? html`<div><b>all</b>: ${scoreText(overall)}</div>` : html``
  return html`<tr><th dir="auto">${label}<br><small>${kind}</small></th><td>${all}${joined(each)}</td></tr>`
}

const textAt = (row: EvalPage['rows'][number], column: ColumnScore | undefined): string =>
  row.cells.find((cell) => cell.column === column?.index)?.text ?? '—'

function pairs({ rows, columns }: EvalPage, jobId: string): Html {
  const base = columns.find(({ kind }) => kind === 'base')
  const tuned =
    columns.findLast((column) => column.jobId === jobId && column.kind === 'final') ?? columns.at(-1)
  const line = (name: string, text: string) =>
    html`<tr><th>${name}</th><td><pre dir="auto">${text}</pre></td></tr>`
  return joined(
    rows.map((row) => {
      const question = row.messages.findLast(({ role }) => role === 'user')?.text ?? ''
      const answers = [
        line('Base', textAt(row, base)),
        line('Tuned', textAt(row, tuned)),
        line('Expected', row.expected),
      ]
      return html`<h3 dir="auto">${question}</h3><table>${joined(answers)}</table>`
    }),
  )
}

function evaluation(page: EvalPage | null, jobId: string): Html {
  if (!page) return html`<p>Nobody has compared its answers yet.</p>`
  const rows = page.split === 'train' ? 'rows it was trained on' : 'held-out rows'
  return html`<p>On ${page.rowCount} ${rows}; ${page.excluded.length} left out. Cost of the answers: ${dollars(page.paid)}.</p>
<table>${joined(page.columns.map(scoreRow))}</table>
<h2>Answers</h2>${pairs(page, jobId)}`
}

const curve = (series: Series): Html =>
  series.count === 0 ? html`<p>No curve was told.</p>` : curveSvg(series)

/** Which aliases point at a model of the job, since when and why. */
function decision(decisions: readonly Decision[]): Html {
  if (decisions.length === 0) return html`<p>No alias has been pointed to a model of this job.</p>`
  const words = ({ model, who, why, holds }: Decision) =>
    `${holds ? 'points' : 'pointed'} to ${model}, set by ${who}${why ? `: ${why}` : ''}`
  return table(decisions.map((one) => [`${day(one.at)} ${one.alias}`, words(one)]))
}

/**
 * A job's report on one self-contained page: data, settings, curve, scores, a few answers and cost. Without scripts,
 * external addresses or unescaped text.
 * @returns an HTML file
 * @throws AppError not_found
 */
export async function runCard(jobId: string): Promise<string> {
  const job = await getJob(jobId)
  const { evalId, best, lastIsBest } = await scoresOf(jobId)
  const page = evalId === null ? null : await getEval(evalId, { limit: PAIRS })
  const series = await getSeries(jobId, { width: CURVE_WIDTH })
  const name = job.suffix || job.datasetName || job.model
  const title = `Run ${job.number} – ${name}`
  const found =
    best === null || lastIsBest !== false
      ? html``
      : html`<p>The highest score is that of step ${best}, not of the last.</p>`
  const decided = decision(await decisionsOf(job))
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${html.raw(STYLE)}</style></head><body>
<h1 dir="auto">${title}</h1><p>${job.status}</p>
<h2>Decision</h2>${decided}
<h2>Data</h2>${await data(job)}
<h2>Settings</h2>${config(job)}
<h2>Loss</h2>${curve(series)}
<h2>Scores</h2>${found}${evaluation(page, jobId)}
</body></html>
`)
}
