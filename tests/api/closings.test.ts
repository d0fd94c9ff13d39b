import { beforeEach, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { SHIPPED } from '#lib/home/closing-dates.ts'
import { GET, PUT } from '../../app/api/home/closings/route.ts'
import { callRoute } from '../support/call-route.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()
beforeEach(async () => {
  await studio().deleteFrom('shutdown_dates').execute()
})

test('shutdown dates are the shipped ones until one is changed, and again when it is changed back', async () => {
  const dates = async () => (await callRoute(GET)).answer.map(({ date }: { date: string }) => date)
  expect(await dates()).toEqual(['2026-11-30', '2027-01-06', '2027-01-14'])
  const { answer } = await callRoute(PUT, { method: 'PUT', body: { ...SHIPPED, jobs: '2027-02-01' } })
  expect(answer[1]).toEqual({ what: 'jobs', date: '2027-02-01', own: true })
  expect(await dates()).toEqual(['2026-11-30', '2027-02-01', '2027-01-14'])
  await callRoute(PUT, { method: 'PUT', body: SHIPPED })
  expect(await studio().selectFrom('shutdown_dates').selectAll().execute()).toEqual([])
})

test('what is no date is refused with its name, and nothing changes', async () => {
  const { status, answer } = await callRoute(PUT, { method: 'PUT', body: { ...SHIPPED, models: 'soon' } })
  expect([status, answer.error.param]).toEqual([400, 'models'])
  expect(await studio().selectFrom('shutdown_dates').selectAll().execute()).toEqual([])
})
