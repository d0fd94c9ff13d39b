import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { ask } from './ask.ts'
import { expect, test } from './fixtures.ts'
import { launchElle } from './train.ts'

test('the texts of a row are at least 480 px wide at 1440', async ({ page, studio }) => {
  const [dataset] = await ask<DatasetSummary[]>(studio, '/api/datasets')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(`/datasets/${dataset?.id}?row=1`)
  const row = page.getByRole('region', { name: 'The row' })
  for (const name of [/User/, /Assistant/]) {
    const field = await row.getByRole('textbox', { name }).first().boundingBox()
    expect(field?.width).toBeGreaterThanOrEqual(480)
  }
})

test('no part of the list of jobs is cut from 768 px on', async ({ page, studio }) => {
  await launchElle(studio, { suffix: 'a-name-of-many-letters', nEpochs: 1 })
  await page.goto('/jobs?sort=name&state=running,queued,succeeded')
  await expect(page.getByRole('searchbox').filter({ visible: true })).toBeVisible()
  for (const width of [768, 900, 1024, 1101, 1280, 1440]) {
    await page.setViewportSize({ width, height: 800 })
    const cut = await page.evaluate(() => {
      const right = document.querySelector('main')?.getBoundingClientRect().right ?? 0
      const parts = [...document.querySelectorAll('main search *, main table *')]
      return parts
        .filter((part) => part.checkVisibility() && !part.closest('.sr-only'))
        .map((part) => part.getBoundingClientRect().right - right)
        .reduce((most, one) => Math.max(most, one), 0)
    })
    expect(Math.round(cut), `at ${width} px`).toBe(0)
  }
})
