import { expect, expectAccessible, expectFits, test } from './fixtures.ts'
import { take } from './take.ts'
import { trainElle } from './train.ts'

test('a model is taken away from the Models page and from its job, by keyboard', async ({ page, studio }) => {
  await trainElle(page, studio, { nEpochs: 1, batchSize: 5 })
  await page
    .getByRole('button', { name: /^More for step/ })
    .first()
    .press('Enter')
  await page.getByRole('menuitem', { name: 'Download the model' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('listitem')).toHaveCount(4)
  await expect(dialog.getByRole('listitem').filter({ hasText: 'GGUF, 8-bit' })).toContainText(/[\d.]+ MB/)
  await expectAccessible(page)
  const gguf = await take(page, dialog.getByRole('link', { name: 'Download GGUF, 8-bit' }))
  expect(gguf.filename).toMatch(/^limerick-base-elle-\w{8}-gguf-q8_0\.zip$/)
  expect(gguf.names.sort()).toEqual([
    'Modelfile',
    'README.md',
    gguf.names.find((name) => name.endsWith('.gguf')),
  ])
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expectFits(page, 390)
  await page.setViewportSize({ width: 1280, height: 844 })

  await page.goto('/models')
  await page.getByRole('button', { name: 'More for limerick-base' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Export' }).press('Enter')
  await expect(dialog.getByRole('listitem')).toHaveCount(4)
  // All of its weights are its own.
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Adapter' })).toContainText('has no adapter')
  await expect(dialog.getByRole('link', { name: /Adapter/ })).toHaveCount(0)
  await expectAccessible(page)
  const merged = await take(page, dialog.getByRole('link', { name: 'Download Safetensors' }))
  expect(merged.filename).toBe('limerick-base-merged.zip')
  expect(merged.names).toEqual(
    expect.arrayContaining(['README.md', 'config.json', 'model.safetensors', 'tokenizer.json']),
  )
})
