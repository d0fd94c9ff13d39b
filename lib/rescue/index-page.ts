import type { ItemRecord } from '#lib/archive/store.ts'
import { curveSvg } from '#lib/evals/curve-svg.ts'
import { type Html, html, joined, pageAround } from '#lib/evals/html.ts'
import type { Locale } from '#lib/i18n/locale.ts'
import { translate } from '#lib/i18n/translate.ts'
import { seriesOf } from '#lib/jobs/downsample.ts'
import { columnsOf } from '#lib/jobs/metric-columns.ts'
import type { RemoteJob } from '#lib/jobs/wire.ts'
import { curveOf, eventsOf, jobIn } from './contents.ts'
import { jobFolder } from './paths.ts'
import type { Meter, MissingItem, Rescue } from './schema.ts'

/** px; also the curve's greatest number of buckets. */
const CURVE_WIDTH = 640

type Words = ReturnType<typeof translate<'rescue'>>

const day = (seconds: number | null | undefined): string =>
  seconds ? new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ') : '–'

const meterLine = (t: Words, { kind, saved, count, missing }: Meter): Html =>
  html`<tr><th>${t(`kind.${kind}`)}</th><td>${saved}/${count}</td><td>${missing
    .map(({ reason, count }) => t('missingOf', { count, reason: t(`reason.${reason}`) }))
    .join(', ')}</td></tr>`

const missingLine = (t: Words, { kind, id, filename, reason, error }: MissingItem): Html =>
  html`<tr><th>${t(`kind.${kind}`)}</th><td><bdi>${filename ? `${id} ${filename}` : id}</bdi></td><td>${t(`reason.${reason}`)}<br><small dir="auto">${error?.message ?? ''}</small></td></tr>`

/** Where a file of the job stands, and its name. */
export type FilePath = (fileId: string) => string | null

function fileLink(fileId: string, pathOf: FilePath): Html {
  const path = pathOf(fileId)
  return path === null ? html`<bdi>${fileId}</bdi>` : html`<a href="${path}"><bdi>${fileId}</bdi></a>`
}

function facts(t: Words, job: RemoteJob, pathOf: FilePath): Html {
  const row = (name: string, value: Html | string | null | undefined) =>
    value ? html`<tr><th>${name}</th><td dir="auto">${value}</td></tr>` : html``
  const files = [job.training_file, job.validation_file, ...(job.result_files ?? [])].flatMap(
    (id) => id || [],
  )
  return html`<table>${joined([
    row(t('page.status'), job.status),
    row(t('page.model'), job.model),
    row(t('page.fineTunedModel'), job.fine_tuned_model),
    row(t('page.time'), `${day(job.created_at)}, ${day(job.finished_at)}`),
    row(t('page.tokens'), job.trained_tokens ? String(job.trained_tokens) : null),
    row(t('page.error'), job.error?.message),
    row(t('page.files'), joined(files.map((id) => html`${fileLink(id, pathOf)} `))),
  ])}</table>`
}

async function jobSection(item: ItemRecord, locale: Locale, pathOf: FilePath): Promise<Html> {
  const t = translate('rescue', locale)
  const job = await jobIn(item)
  const events = await eventsOf(item)
  const points = await curveOf(item, job, events)
  const folder = jobFolder(item.remote_id)
  const link = (name: string) => html`<a href="${folder}/${name}">${name}</a> `
  const series = seriesOf(columnsOf(points), { width: CURVE_WIDTH, smooth: 0 })
  const name = job?.user_provided_suffix ?? job?.suffix
  return html`<section id="${folder}"><h2><bdi>${name ? `${name} · ${item.remote_id}` : item.remote_id}</bdi></h2>
${job ? facts(t, job, pathOf) : html`<p>${t('page.notHere')}</p>`}
${points.length > 0 ? curveSvg(series, locale) : html`<p>${t('page.noCurve')}</p>`}
<p>${joined([...(job ? [link('job.json')] : []), ...['events.jsonl', 'checkpoints.jsonl', 'curve.csv'].map(link)])}</p></section>
`
}

export interface IndexPage {
  rescue: Rescue
  missing: readonly MissingItem[]
  jobs: readonly ItemRecord[]
  pathOf: FilePath
  locale: Locale
}

/** The page that opens an exported archive without the product: what is in it, and each job with its curve. */
export async function* indexPage({
  rescue,
  missing,
  jobs,
  pathOf,
  locale,
}: IndexPage): AsyncGenerator<string> {
  const t = translate('rescue', locale)
  const title = t('page.title', { name: rescue.name })
  const { head, foot } = pageAround(locale, title)
  yield head
  yield String(html`<h1 dir="auto">${title}</h1><p>${t('page.meaning', { day: day(Date.now() / 1000) })}</p>
<table>${joined(rescue.meters.map((meter) => meterLine(t, meter)))}</table>
${missing.length > 0 ? html`<h2>${t('missing.title')}</h2><table>${joined(missing.map((item) => missingLine(t, item)))}</table>` : html``}
`)
  for (const job of jobs) yield String(await jobSection(job, locale, pathOf))
  yield foot
}
