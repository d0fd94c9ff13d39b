import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from '../support/chromium.ts'
import { canBeAnotherUser, proxyOfStranger } from '../support/other-user.ts'
import { expect, expectAccessible, test } from './fixtures.ts'

test.skip(!canBeAnotherUser, 'Only root can show the product to a browser of another user.')

/** A browser whose connections come from another user of the computer. */
async function strangersBrowser(): Promise<{ browser: Browser; stop: () => Promise<void> }> {
  const proxy = await proxyOfStranger()
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: CHROMIUM_ARGS,
    proxy: { server: proxy.address, bypass: '<-loopback>' },
  })
  return {
    browser,
    async stop() {
      await browser.close()
      proxy.stop()
    },
  }
}

/** Another site with a link to the product. */
async function otherSite(target: string) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<a href="${target}">Limerick</a>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

test('another user’s browser is told where the address is, and comes in with it', async ({ studio }) => {
  const { browser, stop } = await strangersBrowser()
  const page = await (await browser.newContext()).newPage()
  const site = await otherSite(`${studio.url}/datasets`)
  try {
    const refused = await page.goto(studio.url)
    expect(refused?.status()).toBe(401)
    await expect(page.getByRole('heading')).toHaveText('This browser is not signed in')
    await expect(page.getByText('npm run --silent url')).toBeVisible()
    await expectAccessible(page)
    const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(light)

    await page.goto(site.url)
    await page.getByRole('link').click()
    await expect(page.getByRole('heading')).toHaveText('This browser is not signed in')

    await page.goto(studio.address)
    expect(page.url()).toBe(`${studio.url}/`)
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()

    // The link of another site comes without the cookie, and the page that answers it asks again with it.
    await page.goto(site.url)
    await page.getByRole('link').click()
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
    expect(page.url()).toBe(`${studio.url}/datasets`)
  } finally {
    site.close()
    await stop()
  }
})
