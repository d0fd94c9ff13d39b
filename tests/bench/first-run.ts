/**
 * The first minutes of a newcomer in Chromium: a fresh data folder, the home page, reading, one button reached by keyboard,
 * and nothing more until base and fine-tuned have answered a held-out question. Seconds from the page's address being
 * opened, and the layout shifts of both pages.
 * Usage: node --conditions=react-server tests/bench/first-run.ts [en|ar] [seconds of reading]. Needs a build.
 */
import { type Browser, chromium, type Page } from '@playwright/test'
import { translate } from '#lib/i18n/translate.ts'
import { CHROMIUM_ARGS, chromiumPath } from '../support/chromium.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'

const [language = 'en', reading = '8'] = process.argv.slice(2) as ['en' | 'ar', string]
const locale = language === 'ar' ? 'ar-u-nu-latn' : 'en'
const label = {
  train: translate('home', locale)('next.sample.action'),
  finish: translate('finish', locale)('title'),
}
const PATIENT = { timeout: 300_000 }

const COUNT_SHIFTS = `
  window.shifts = []
  new PerformanceObserver((list) => {
    for (const { value, startTime, hadRecentInput } of list.getEntries())
      window.shifts.push({ value, at: startTime, expected: hadRecentInput })
  }).observe({ type: 'layout-shift', buffered: true })`

interface Shift {
  value: number
  /** ms since the page was opened. */
  at: number
  /** Soon after a key. */
  expected: boolean
}

/** Cumulative Layout Shift as Web Vitals defines it (the worst window of shifts less than 1 s apart, 5 s long), and all shifts added up. */
async function shiftsOf(page: Page): Promise<string> {
  const shifts = await page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts)
  let [worst, sum, first, last] = [0, 0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { value, at } of shifts.filter(({ expected }) => !expected)) {
    if (at - last > 1000 || at - first > 5000) [sum, first] = [0, at]
    sum += value
    last = at
    worst = Math.max(worst, sum)
  }
  const all = shifts.reduce((total, { value }) => total + value, 0)
  return `CLS ${worst.toFixed(3)} (all shifts ${all.toFixed(3)})`
}

async function reach(page: Page, name: string): Promise<number> {
  const button = page.getByRole('button', { name })
  for (let tabs = 0; tabs < 80; tabs++) {
    if (await button.evaluate((element) => element === document.activeElement)) return tabs
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not get to the button')
}

async function firstRun(browser: Browser, studio: Studio): Promise<void> {
  const context = await browser.newContext({ locale: language, viewport: { width: 1440, height: 900 } })
  await context.addInitScript(COUNT_SHIFTS)
  const page = await context.newPage()
  const began = performance.now()
  const told = (what: string) =>
    console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${what}`)
  await page.goto(studio.url)
  await page.getByRole('button', { name: label.train }).waitFor()
  told('the home page offers training')
  await page.waitForTimeout(Number(reading) * 1000)
  const tabs = await reach(page, label.train)
  told(`read, and at the button after ${tabs} tabs; ${await shiftsOf(page)}`)
  await page.keyboard.press('Enter')
  await page
    .locator('path[data-line="train"]')
    .first()
    .waitFor({ state: 'attached', ...PATIENT })
  told('first point of the curve')
  const finish = page.getByRole('region', { name: label.finish })
  await finish.getByRole('region').first().waitFor(PATIENT)
  told('the job has ended, a question is asked')
  for (const answer of await finish.getByRole('region').all()) {
    await answer.and(page.locator('[aria-busy="false"]')).waitFor(PATIENT)
    await answer
      .getByText(/\S{2,} \S{2,}/)
      .first()
      .waitFor(PATIENT)
  }
  told(`both answers stand side by side; ${await shiftsOf(page)}`)
  for (const answer of await finish.getByRole('region').allInnerTexts())
    console.log(`          ${answer.replaceAll('\n', ' · ')}`)
  await context.close()
}

const studio = await startStudio()
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
try {
  await firstRun(browser, studio)
} finally {
  await browser.close()
  await discard(studio)
}
