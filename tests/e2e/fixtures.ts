import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type BrowserContext, test as base, expect, type Locator, type Page } from '@playwright/test'
import type axe from 'axe-core'
import { sessionOf } from '../support/session.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'

/** What a page must never do: report a policy violation, log an error, throw, or ask another host. */
function watch(page: Page, studio: Studio, faults: string[]): void {
  page.on('console', (message) => {
    // A refused request is reported by the browser itself; the page decides what to show.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && host !== new URL(studio.url).host)
      faults.push(`asked ${request.url()}`)
  })
}

/** Where the system does not tell the product who asks, the browser carries a session. */
async function signInto(context: BrowserContext, { port, url }: Studio): Promise<void> {
  const [name, value] = sessionOf(port).cookie?.split('=') ?? []
  if (name && value) await context.addCookies([{ name, value, url, sameSite: 'Strict' }])
}

/**
 * Waits until the page listens: what the server has sent is seen before the browser has made it React's, and a key that is
 * pressed until then is lost. The editor makes controls of its own.
 */
async function listens(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const controls = document.querySelectorAll('main, button, input, textarea, a[href]')
    const isReacts = (control: Element) => Object.keys(control).some((key) => key.startsWith('__reactProps$'))
    return [...controls].every((control) => control.closest('.cm-editor') || isReacts(control))
  })
  // Effects follow the first picture.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
}

/** Whoever goes to a page can use it then. */
function listening(page: Page): void {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)]
  page.goto = async (...address) => {
    const answer = await goto(...address)
    await listens(page)
    return answer
  }
  page.reload = async (...options) => {
    const answer = await reload(...options)
    await listens(page)
    return answer
  }
}

const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('Content Security Policy: ' + event.violatedDirective + ' ' + event.blockedURI))`

interface Fixtures {
  /** A browser profile that is let in on every system. */
  context: BrowserContext
  /** A page of the running product; the test fails when it misbehaves as `watch` says. */
  page: Page
}

interface Shared {
  /**
   * A file that names itself here gets a product that no other file has touched. Its tests build on each other, so they
   * are serial: a second try gets a new product and begins with the first test.
   */
  own: string
  studio: Studio
}

/** One product for the tests of a run, and for each file that asks for its own. */
export const test = base.extend<Fixtures, Shared>({
  own: ['', { option: true, scope: 'worker' }],
  studio: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const studio = await startStudio()
      await use(studio)
      await discard(studio)
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ studio }, use) => use(studio.url),
  context: async ({ context, studio }, use) => {
    await signInto(context, studio)
    await use(context)
  },
  page: async ({ page, studio }, use) => {
    const faults: string[] = []
    watch(page, studio, faults)
    listening(page)
    await page.addInitScript(REPORT_VIOLATIONS)
    await use(page)
    expect(faults).toEqual([])
  },
})

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds in the document, which gets axe at its first look. */
async function violations(page: Page, runOnly?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const options: axe.RunOptions = { resultTypes: ['violations'], ...(runOnly && { runOnly }) }
  return page.evaluate(async (asked) => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run(document, asked)
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  }, options)
}

/** What fades is paler until it has, and a change of theme fades too; what is hidden in a closed part stands still. */
const faded = (page: Page): Promise<void> =>
  page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation instanceof CSSTransition)
        .filter(({ effect }) => (effect as KeyframeEffect | null)?.target?.checkVisibility())
        .map(({ finished }) => finished),
    ).then(() => undefined),
  )

/** axe finds nothing, also while the page is on its way. */
export async function expectNoViolations(page: Page): Promise<void> {
  await page.mouse.move(0, 0)
  // An outline fades in.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => (effect as KeyframeEffect | null)?.target?.checkVisibility())
        .map(({ finished, effect }) =>
          effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY ? undefined : finished,
        ),
    ),
  )
  expect(await violations(page)).toEqual([])
}

/** axe finds nothing on the page as it stands; in the dark only colours differ, so only they are looked at again. */
export async function expectAccessible(page: Page): Promise<void> {
  // A tooltip under the pointer lies outside every landmark, as it should.
  await page.mouse.move(0, 0)
  await expect(page.locator('[data-tooltip]')).toHaveCount(0)
  // What is about to be replaced is paler until it is.
  await expect(page.locator('main [aria-busy="true"], [role="dialog"] [aria-busy="true"]')).toHaveCount(0)
  await faded(page)
  expect(await violations(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  await faded(page)
  expect(await violations(page, ['color-contrast'])).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Nothing stands out at the side of the page: at its present width, or at each of these in px. */
export async function expectFits(page: Page, ...widths: readonly number[]): Promise<void> {
  const fits = () =>
    expect
      .poll(() =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      )
      .toBe(0)
  if (widths.length === 0) await fits()
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    await fits()
  }
}

/** Tab by Tab, as a person without a mouse gets there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let steps = 0; steps < 80; steps++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not get there')
}

export { expect }
