/** One huge row among ten short ones: ms until it is open in the editor, until all of it can be edited, and a keystroke. */
import { chromium, type Page } from '@playwright/test'
import type { ImportNews } from '#lib/datasets/schema.ts'
import { CHROMIUM_ARGS, chromiumPath } from '../support/chromium.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'
import { spread } from './figures.ts'

/** UTF-16 units of the long text. */
const SIZES = [660_000, 1_000_000]
const KEYS = 5

const row = (content: unknown, answer = 'It is so.') =>
  JSON.stringify({
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: answer },
    ],
  })
const few = Array.from({ length: 10 }, (_, n) => row(`Is ${n} even?`))
const picture = (size: number) => [
  { type: 'text', text: 'Which element is this?' },
  { type: 'image_url', image_url: { url: `data:image/png;base64,${'QUJD'.repeat(size / 4)}` } },
]
const kinds: Record<string, (size: number) => string> = {
  words: (size) => row('Is it so?', 'It is so, and so it is. '.repeat(size / 24)),
  'no space': (size) => row('Is it so?', 'itisso'.repeat(size / 6)),
  picture: (size) => row(picture(size)),
}

async function importRows({ url }: Studio, name: string, lines: readonly string[]): Promise<string> {
  const answer = await fetch(`${url}/api/datasets/import?name=${encodeURIComponent(name)}.jsonl`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/octet-stream' },
    body: lines.join('\n'),
  })
  const last = JSON.parse((await answer.text()).trim().split('\n').at(-1) ?? '') as ImportNews
  if (last.type !== 'done') throw new Error(JSON.stringify(last))
  return last.dataset.id
}

/** ms until the frame that shows what an act brought, as the page itself measures them. */
const painted = (page: Page, act: string, sign: string): Promise<number> =>
  page.evaluate(
    ([press, seen]) =>
      new Promise<number>((done) => {
        const began = performance.now()
        document.querySelector<HTMLElement>(press as string)?.click()
        const look = () => {
          if (!document.querySelector(seen as string)) return requestAnimationFrame(look)
          const port = new MessageChannel()
          port.port1.onmessage = () => done(performance.now() - began)
          requestAnimationFrame(() => port.port2.postMessage(null))
        }
        look()
      }),
    [act, sign],
  )

/** ms from each key to the end of the frame that shows it. */
async function keystrokes(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const taken: number[] = []
    Object.assign(window, { taken })
    document.addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const port = new MessageChannel()
        port.port1.onmessage = () => taken.push(performance.now() - timeStamp)
        requestAnimationFrame(() => port.port2.postMessage(null))
      },
      true,
    )
  })
  const taken = () => page.evaluate(() => (window as unknown as { taken: number[] }).taken)
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press('x')
    while ((await taken()).length <= key) await page.waitForTimeout(20)
  }
  return taken()
}

const studio = await startStudio()
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
for (const size of SIZES)
  for (const [kind, make] of Object.entries(kinds)) {
    const id = await importRows(studio, `${kind} ${size}`, [...few, make(size)])
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(`${studio.url}/datasets/${id}`, { waitUntil: 'networkidle' })
    // A press before the page is React's would be lost.
    await page.waitForFunction(() =>
      Object.keys(document.querySelector('[data-place="10"]') ?? {}).some((key) =>
        key.startsWith('__reactProps$'),
      ),
    )
    const open = await painted(page, '[data-place="10"]', '[aria-label^="Edit the whole text: Text of line"]')
    const text = page.getByRole('button', { name: /^Edit the whole text: .*Assistant/ })
    const long = (await text.count()) > 0
    if (long) await text.evaluate((button) => button.setAttribute('data-long', ''))
    const whole = long ? await painted(page, '[data-long]', 'textarea[data-turn="2"]') : null
    await page.locator('textarea[data-turn="2"]').focus()
    console.log(
      `${kind}, ${size.toLocaleString('en')}: open ${open.toFixed(0)} ms, whole ${whole?.toFixed(0) ?? '–'} ms, key ${spread(await keystrokes(page))}`,
    )
    await page.close()
  }
await browser.close()
await discard(studio)
