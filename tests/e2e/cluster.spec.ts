import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fakePython } from '../support/fake-python.ts'
import { RAY_TOKEN, startRay } from '../support/ray-server.ts'
import { discard, startStudio } from '../support/studio.ts'
import { expect, expectAccessible, test as plain } from './fixtures.ts'

type Ray = Awaited<ReturnType<typeof startRay>>

/** A product with a cluster, whose nodes run the fake trainer. */
const test = plain.extend<object, { ray: Ray }>({
  ray: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const ray = await startRay()
      ray.gpus = 8
      await use(ray)
      await ray.close()
    },
    { scope: 'worker' },
  ],
  studio: [
    async ({ ray }, use) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'limerick-cluster-'))
      const studio = await startStudio({
        env: {
          LIMERICK_RAY: ray.origin,
          LIMERICK_RAY_TOKEN: RAY_TOKEN,
          LIMERICK_CLUSTER_DIR: folder,
          LIMERICK_RAY_PYTHON: fakePython(folder, { env: { FAKE_STEP: 50 } }),
        },
      })
      await use(studio)
      await discard(studio)
      rmSync(folder, { recursive: true })
    },
    { scope: 'worker' },
  ],
})

test.use({ own: 'cluster' })

test('the cluster is told, a job asks for four of its GPUs, says that it waits, and trains', async ({
  page,
  ray,
}) => {
  await page.goto('/providers')
  const trainers = page.getByRole('region', { name: 'Training on this computer', exact: true })
  await expect(trainers).toContainText('8 GPUs and 2 CPUs on 1 node')
  await expect(trainers).toContainText('A100')
  await expectAccessible(page)

  await page.goto('/jobs/new')
  const trainer = page.getByRole('region', { name: 'Trainer', exact: true })
  await trainer.getByRole('radio', { name: /^TRL on a cluster/ }).click()
  await trainer.getByRole('textbox', { name: 'GPUs' }).fill('4')
  await trainer.getByRole('textbox', { name: 'GPUs' }).press('Tab')
  // More devices than rows of a step would have nothing to do.
  await page.getByRole('textbox', { name: 'Batch size' }).fill('5')
  await page.keyboard.press('Tab')
  await expectAccessible(page)
  ray.full = true
  await page.getByRole('button', { name: /^Start training/ }).press('Enter')
  await expect(page).toHaveURL(/\/jobs\/run_/)
  await expect(page.getByText('waiting for the cluster to start it', { exact: false })).toBeVisible()
  ray.full = false
  await expect(page.getByRole('region', { name: 'Configuration', exact: true })).toContainText(
    'TRL on a cluster, none',
  )
  await expect(page.getByText('Succeeded', { exact: true }).first()).toBeVisible({ timeout: 60_000 })
  expect(ray.submissions[0]?.entrypoint).toContain("'--processes' '4'")
  expect(await page.content()).not.toContain(RAY_TOKEN)
  await expectAccessible(page)

  ray.offline = true
  await page.goto('/providers')
  await trainers.getByRole('button', { name: 'Check trainers again' }).press('Enter')
  await expect(trainers).toContainText('Nothing answers at this address')
  await expectAccessible(page)
})
