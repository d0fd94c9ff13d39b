import type { Page } from '@playwright/test'
import type { TermName } from '#components/ui/terms.tsx'
import { translate } from '#lib/i18n/translate.ts'
import { expect, expectAccessible, tabTo, test } from './fixtures.ts'
import { launchElle } from './train.ts'

const explainers = (page: Page) => page.getByRole('main').getByRole('button', { name: /^What is meant by / })

test('terms are explained by keyboard and by mouse, and keys of the page work again afterwards', async ({
  page,
}) => {
  await page.goto('/jobs/new')
  const epoch = page.getByRole('button', { name: 'What is meant by Epoch?' })
  await tabTo(page, epoch)
  await page.keyboard.press('Enter')
  const explained = page.getByRole('dialog', { name: 'What is meant by Epoch?' })
  await expect(explained).toContainText('One pass over all training rows.')
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(explained).toHaveCount(0)
  await expect(epoch).toBeFocused()

  await page.getByRole('button', { name: 'What is meant by Seed?' }).hover()
  await expect(page.getByRole('dialog', { name: 'What is meant by Seed?' })).toBeVisible()
  await page.mouse.move(0, 0)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})

test('every page on which a newcomer meets a term explains it', async ({ page, studio }) => {
  const job = await launchElle(studio)
  const t = translate('terms', 'en')
  const pages = {
    '/datasets': ['heldOut', 'token'],
    '/jobs/new': ['baseModel', 'epoch', 'batch', 'multiplier', 'seed', 'heldOut', 'token', 'lora'],
    [`/jobs/${job.id}`]: ['loss', 'validationLoss', 'accuracy', 'checkpoint', 'step', 'epoch'],
    '/models': ['alias', 'checkpoint', 'baseModel', 'fineTuned', 'lora'],
    '/playground': ['temperature', 'topP', 'token', 'seed'],
    '/evals/new': ['grader', 'score', 'fewShot'],
  } as const satisfies Record<string, readonly TermName[]>
  for (const [path, terms] of Object.entries(pages)) {
    await page.goto(path)
    for (const name of terms) {
      const explainer = explainers(page)
        .filter({ visible: true })
        .and(page.getByLabel(t(`name.${name}`)))
      await expect(explainer.first(), `${name} on ${path}`).toBeVisible()
    }
  }
})
