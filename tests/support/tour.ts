/**
 * Retakes the moving picture of the README: starts the product on a folder of its own, trains Elle from the home page
 * with everything left automatic, and asks the base and the fine-tuned model one held-out question.
 * node --conditions=react-server tests/support/tour.ts
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Locator, type Page } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from './chromium.ts'
import { discard, startStudio } from './studio.ts'

const FILE = 'docs/tour.webp'
const QUESTION = 'Tell me about Strontium'
/** px */
const WIDTH = 960
const VIEWPORT = { width: 1200, height: 750 }
/** bytes */
const LIMIT = 1_500_000
/** Most frames of growing text: a busy machine records more, and the surplus is dropped. */
const GROWING = 16
/** ms; long, since the trainer runs at low priority. */
const PATIENT = { timeout: 900_000 }

interface Frame {
  png: Buffer
  /** Duration of the frame, in ms. */
  delay: number
}

/** The part of sharp that we use; an optional dependency of Next. */
type Sharp = (
  input: Buffer | Buffer[],
  options?: { join: { animated: boolean } },
) => {
  resize(width: number): ReturnType<Sharp>
  png(): ReturnType<Sharp>
  webp(options: { quality: number; effort: number; delay: number[]; loop: number }): ReturnType<Sharp>
  toBuffer(): Promise<Buffer>
}

const fromHere = createRequire(import.meta.url)
const sharp: Sharp = createRequire(fromHere.resolve('next/package.json'))('sharp')

async function frame(page: Page, delay: number): Promise<Frame> {
  return { png: await page.screenshot(), delay }
}

async function settled(page: Page, delay: number): Promise<Frame> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForFunction(() => !document.querySelector('main [aria-busy="true"]'))
  return frame(page, delay)
}

/** Every n-th frame, so that at most GROWING remain, always with the last. */
function thinned(frames: Frame[]): Frame[] {
  const step = Math.ceil(frames.length / GROWING)
  return frames.filter((_, index) => (frames.length - 1 - index) % step === 0)
}

/** A frame each time the text of `what` changes, until `end` appears. */
async function growing(page: Page, what: Locator, end: () => Promise<boolean>): Promise<Frame[]> {
  const frames: Frame[] = []
  const deadline = Date.now() + PATIENT.timeout
  let last = ''
  while (!(await end())) {
    if (Date.now() > deadline) throw new Error('The tour waits for something that does not come.')
    const now = await what.evaluate((element) => element.outerHTML)
    if (now !== last) frames.push(await frame(page, 220))
    last = now
  }
  return thinned(frames)
}

async function train(page: Page): Promise<Frame[]> {
  await page.goto(studio.url)
  const start = page.getByRole('button', { name: 'Train Elle' })
  await start.hover()
  const home = await settled(page, 2200)
  await start.click()
  await page.waitForURL(/\/jobs\/run_/)
  const line = page.locator('path[data-line="train"]').first()
  await line.waitFor({ state: 'attached', ...PATIENT })
  const done = page.getByText('The job has successfully completed').first()
  const curve = await growing(page, line, () => done.isVisible())
  return [home, ...curve, await settled(page, 2200)]
}

async function compare(page: Page): Promise<Frame[]> {
  await page
    .getByRole('link', { name: /^Compare/ })
    .first()
    .click()
  await page.waitForURL(/\/playground/)
  await page.getByRole('textbox', { name: 'Prompt' }).fill(QUESTION)
  const run = page.getByRole('button', { name: /^Run/ })
  await run.hover()
  const question = await settled(page, 1400)
  await run.click()
  const answers = page.getByRole('region', { name: 'Answers' })
  const finished = answers.getByText('Finished', { exact: true })
  const streamed = await growing(page, answers, async () => (await finished.count()) === 2)
  return [question, ...streamed, await settled(page, 4500)]
}

async function write(frames: Frame[]): Promise<void> {
  const small = await Promise.all(frames.map(({ png }) => sharp(png).resize(WIDTH).png().toBuffer()))
  const delay = frames.map((one) => one.delay)
  const webp = await sharp(small, { join: { animated: true } })
    .webp({ quality: 72, effort: 6, delay, loop: 0 })
    .toBuffer()
  if (webp.length > LIMIT) throw new Error(`${FILE} would have ${webp.length} bytes, more than ${LIMIT}.`)
  writeFileSync(FILE, webp)
  console.log(`${FILE}: ${frames.length} frames, ${webp.length} bytes`)
}

const studio = await startStudio()
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
try {
  const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'light' })
  await write([...(await train(page)), ...(await compare(page))])
} finally {
  await browser.close()
  await discard(studio)
}
