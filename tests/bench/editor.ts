/** The editor at 50,000 rows: from a keystroke to its paint, and what scrolling costs a frame. */
import { chromium, type Page } from '@playwright/test'
import type { ImportNews } from '#lib/datasets/schema.ts'
import { CHROMIUM_ARGS, chromiumPath } from '../support/chromium.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'
import { spread } from './figures.ts'

const ROWS = Number(process.argv[2] ?? 50_000)
const KEYSTROKES = 200
const FRAMES = 300

const line = (n: number) =>
  `${JSON.stringify({
    messages: [
      { role: 'system', content: 'You answer questions about elements with a limerick' },
      { role: 'user', content: `Tell me about element ${n}` },
      {
        role: 'assistant',
        content: `Element ${n} keeps to its own - in a tube it is often shown - ${n * 7919}`,
      },
    ],
  })}\n`

async function importRows({ url }: Studio): Promise<string> {
  const answer = await fetch(`${url}/api/datasets/import?name=many.jsonl`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/octet-stream' },
    body: Array.from({ length: ROWS }, (_, n) => line(n)).join(''),
  })
  const last = JSON.parse((await answer.text()).trim().split('\n').at(-1) ?? '') as ImportNews
  if (last.type !== 'done') throw new Error(JSON.stringify(last))
  return last.dataset.id
}

/** ms from each keystroke to the end of the frame that shows it, as the page itself measures them. */
async function keystrokes(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const taken: number[] = []
    Object.assign(window, { taken })
    document.addEventListener(
      'keydown',
      ({ timeStamp }) => {
        // A message that is posted in a frame arrives once that frame is painted.
        const painted = new MessageChannel()
        painted.port1.onmessage = () => taken.push(performance.now() - timeStamp)
        requestAnimationFrame(() => painted.port2.postMessage(null))
      },
      true,
    )
  })
  await page
    .getByRole('textbox', { name: /Assistant/ })
    .first()
    .click()
  await page.keyboard.type('It glows when it is lit. '.repeat(KEYSTROKES / 25), { delay: 60 })
  await page.waitForTimeout(500)
  return page.evaluate(() => (window as unknown as { taken: number[] }).taken)
}

/** ms between frames while the list is dragged from its top to its end. */
const frames = (page: Page): Promise<number[]> =>
  page.getByRole('navigation', { name: 'Rows of the dataset' }).evaluate(
    (box, count) =>
      new Promise<number[]>((done) => {
        const taken: number[] = []
        let last = performance.now()
        const step = (now: number) => {
          taken.push(now - last)
          last = now
          box.scrollTop = (box.scrollHeight * taken.length) / count
          if (taken.length === count) done(taken)
          else requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      }),
    FRAMES,
  )

const studio = await startStudio()
const id = await importRows(studio)
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(`${studio.url}/datasets/${id}?row=${ROWS / 2}`, { waitUntil: 'networkidle' })
console.log(`${ROWS.toLocaleString('en')} rows`)
console.log(`keystroke to paint: ${spread(await keystrokes(page))}`)
console.log(`frame while scrolling: ${spread((await frames(page)).slice(1))}`)
await browser.close()
await discard(studio)
