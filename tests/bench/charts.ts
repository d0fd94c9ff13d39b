/**
 * The loss chart of a run of many steps, in Chromium on the built product: from its data to the paint, a hover, a live
 * append. Needs a build.
 * node --conditions=react-server tests/bench/charts.ts [steps]
 */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { chromium, type Page } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from '../support/chromium.ts'
import { discard, startStudio } from '../support/studio.ts'
import { inMs, quantile, spread } from './figures.ts'

const STEPS = Number(process.argv[2] ?? 100_000)
const OPENINGS = 9
const MOVES = 200
const APPENDS = 40

const RUN = `run_${'b'.repeat(24)}`

const lossAt = (step: number) =>
  5 * Math.exp(-step / (STEPS / 5)) + 0.2 * Math.abs(Math.sin(step * 12.9898)) + 0.01

/** A run that is under way at a provider that is not here: nobody asks for it, and only its pages look. */
function seed(folder: string): DatabaseSync {
  const db = new DatabaseSync(path.join(folder, 'studio.db'), { timeout: 10_000 })
  const began = Date.now() - STEPS * 40
  db.prepare(
    `insert into jobs (id, number, provider_id, remote_id, launch, request_hash, request_json, status, model, step,
      total_steps, created_at, updated_at, change, last_loss, running_at)
     values (?, 1, 'openai', 'ftjob-bench', 'known', '', '{}', 'running', 'gpt-4o-mini-2024-07-18', ?, ?, ?, ?, 1, ?, ?)`,
  ).run(RUN, STEPS, STEPS + 1_000, began, began, lossAt(STEPS), began)
  const insert = db.prepare(
    `insert into job_points (job_id, step, at, train_loss, full_valid_loss, accuracy) values (?, ?, ?, ?, ?, ?)`,
  )
  db.exec('begin')
  for (let step = 1; step <= STEPS; step++)
    insert.run(
      RUN,
      step,
      began + step * 40,
      lossAt(step),
      step % 100 ? null : lossAt(step) + 0.4,
      1 - lossAt(step) / 6,
    )
  db.exec('commit')
  return db
}

/** Notes when a curve's data has come, when it is drawn, and when that is painted. */
const WATCH = `
  window.drawn = []
  const painted = (then) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => then(performance.now())
    requestAnimationFrame(() => channel.port2.postMessage(null))
  }
  window.painted = painted
  const look = () => {
    const line = document.querySelector('path[data-line="train"]')
    const d = line?.getAttribute('d') ?? ''
    if (d.length > 1000 && d !== window.last) {
      window.last = d
      painted((at) => window.drawn.push(at))
    }
  }
  document.addEventListener('DOMContentLoaded', () =>
    new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ['d'] }))
  window.heard = []
  const Source = window.EventSource
  window.EventSource = class extends Source {
    constructor(...given) {
      super(...given)
      this.addEventListener('live', ({ data }) => {
        if (JSON.parse(data).points?.length) window.heard.push(performance.now())
      })
    }
  }
`

interface Watched {
  drawn: number[]
  heard: number[]
  painted(then: (at: number) => void): void
}

/** ms from the end of the series' last byte to the paint of its lines, and the bytes on the wire. */
async function opening(page: Page, url: string): Promise<{ ms: number; bytes: number }> {
  await page.goto(url)
  await page.waitForFunction(() => (window as unknown as Watched).drawn.length > 0)
  await page.waitForTimeout(400)
  return page.evaluate(() => {
    const [first = 0] = (window as unknown as Watched).drawn
    const asked = performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('/series')) as PerformanceResourceTiming[]
    const before = asked.filter(({ responseEnd }) => responseEnd <= first).at(-1)
    return { ms: first - (before?.responseEnd ?? first), bytes: before?.encodedBodySize ?? 0 }
  })
}

/** ms from each move of the pointer to the end of the frame that shows it. */
async function hovers(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const taken: number[] = []
    Object.assign(window, { taken })
    document.addEventListener(
      'pointermove',
      ({ timeStamp }) => (window as unknown as Watched).painted((at) => taken.push(at - timeStamp)),
      true,
    )
  })
  const box = await page.getByRole('slider').boundingBox()
  if (!box) throw new Error('There is no plot to move over.')
  for (let move = 0; move < MOVES; move++) {
    await page.mouse.move(box.x + 60 + ((box.width - 180) * move) / MOVES, box.y + 120 + (move % 7))
    await page.waitForTimeout(20)
  }
  await page.waitForTimeout(300)
  return page.evaluate(() => (window as unknown as { taken: number[] }).taken)
}

/** ms from a live message to the paint of the longer line. */
async function appends(page: Page, db: DatabaseSync): Promise<number[]> {
  const event = db.prepare(
    `insert into job_events (job_id, id, created_at, level, type, message, data_json) values (?, ?, ?, 'info', 'metrics', ?, ?)`,
  )
  const point = db.prepare(
    `insert into job_points (job_id, step, at, train_loss, accuracy) values (?, ?, ?, ?, 1)`,
  )
  const taken: number[] = []
  for (let count = 1; count <= APPENDS; count++) {
    const step = STEPS + count
    const before = await page.evaluate(() => (window as unknown as Watched).drawn.length)
    const heard = await page.evaluate(() => (window as unknown as Watched).heard.length)
    db.exec('begin immediate')
    point.run(RUN, step, Date.now(), lossAt(step))
    const data = JSON.stringify({ step, total_steps: STEPS + 1_000, train_loss: lossAt(step) })
    event.run(RUN, `ftevent-${step}`, Date.now(), `Step ${step}`, data)
    db.prepare('update jobs set step = ?, change = (select max(change) + 1 from jobs) where id = ?').run(
      step,
      RUN,
    )
    db.exec('commit')
    await page.waitForFunction((known) => (window as unknown as Watched).heard.length > known, heard)
    await page.waitForFunction((known) => (window as unknown as Watched).drawn.length > known, before)
    const ms = await page.evaluate(
      ([known, told]) => {
        const { drawn, heard } = window as unknown as Watched
        return (drawn[known ?? 0] ?? 0) - (heard[told ?? 0] ?? 0)
      },
      [before, heard],
    )
    taken.push(ms)
    await page.waitForTimeout(150)
  }
  return taken.filter((ms) => ms >= 0)
}

const studio = await startStudio()
const db = seed(studio.dataFolder)
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.addInitScript(WATCH)
const url = `${studio.url}/jobs/${RUN}`
const opened: { ms: number; bytes: number }[] = []
for (let count = 0; count < OPENINGS; count++) opened.push(await opening(page, url))
console.log(`${STEPS.toLocaleString('en')} steps`)
console.log(`data to painted: ${spread(opened.map(({ ms }) => ms))}`)
console.log(
  `series on the wire: ${(
    quantile(
      opened.map(({ bytes }) => bytes),
      0.5,
    ) / 1000
  ).toFixed(1)} kB`,
)
console.log(`hover to painted: ${spread(await hovers(page))}`)
console.log(`live append to painted: ${spread(await appends(page, db))}`)
console.log(`longest opening: ${inMs(Math.max(...opened.map(({ ms }) => ms)))}`)
db.close()
await browser.close()
await discard(studio)
