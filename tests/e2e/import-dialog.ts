import type { Page } from '@playwright/test'
import type { DatasetSummary, RowsPage } from '#lib/datasets/schema.ts'
import type { Studio } from '../support/studio.ts'
import { ask } from './ask.ts'
import { expect } from './fixtures.ts'

export const dialog = (page: Page) => page.getByRole('dialog', { name: /^Import/ })

export const importButton = (page: Page) => dialog(page).getByRole('button', { name: 'Import', exact: true })

export async function choose(page: Page, name: string, text: string | Buffer): Promise<void> {
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'Import' }).click()
  await dialog(page)
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
}

export async function pick(page: Page, label: string, option: string): Promise<void> {
  await dialog(page).getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
  // The list of the choice before may still be fading.
  await expect(page.getByRole('listbox')).toHaveCount(0)
}

export const leaveOut = (page: Page, field: string): Promise<void> =>
  pick(page, `Use “${field}” for`, 'Nothing: leave it out')

export const firstRows = (page: Page) =>
  dialog(page).getByRole('region', { name: 'Preview of the first rows' })

export async function rowsOf(page: Page, studio: Studio): Promise<unknown[]> {
  const id = /data_\w+/.exec(page.url())?.[0] ?? ''
  const { rows } = await ask<RowsPage>(studio, `/api/datasets/${id}/rows`)
  return rows.map(({ text }) => JSON.parse(text ?? 'null') as unknown)
}

export const datasetsOf = (studio: Studio) => ask<DatasetSummary[]>(studio, '/api/datasets')

/** Drops files on the middle of the page, as the window hears of it. */
export async function drop(page: Page, files: { name: string; text: string }[]): Promise<void> {
  const data = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer()
    for (const { name, text } of given) transfer.items.add(new File([text], name))
    return transfer
  }, files)
  const main = page.getByRole('main')
  await main.dispatchEvent('dragenter', { dataTransfer: data })
  await expect(page.getByText('Drop the file to import it')).toBeVisible()
  await main.dispatchEvent('drop', { dataTransfer: data })
  await expect(page.getByText('Drop the file to import it')).toHaveCount(0)
}
