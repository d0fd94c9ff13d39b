/** JavaScript that a first visit of each page brings along, gzip, as it crosses the wire. */
import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from '../support/chromium.ts'
import { discard, startStudio } from '../support/studio.ts'

const studio = await startStudio()
const [dataset] = (await (await fetch(`${studio.url}/api/datasets`)).json()) as { id: string }[]
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })

for (const path of [
  '/',
  '/datasets',
  `/datasets/${dataset?.id}`,
  '/jobs',
  '/jobs/new',
  '/playground',
  '/providers',
]) {
  const page = await browser.newPage()
  const sizes: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script')
      sizes.push(response.body().then((body) => gzipSync(body).length))
  })
  await page.goto(`${studio.url}${path}`, { waitUntil: 'networkidle' })
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  console.log(
    `${path.replace(/data_\w+/, '[datasetId]')}: ${(total / 1024).toFixed(0)} kB in ${sizes.length} files`,
  )
  await page.close()
}
await browser.close()
await discard(studio)
