import { expect, test } from 'vitest'
import { availability } from '#lib/datasets/availability.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { readModel } from '#lib/providers/catalog.ts'
import type { ProviderId } from '#lib/providers/schema.ts'

const place = (id: ProviderId, shutdown_date: string | null = null) => ({
  provider: { id, name: id, address: '', capabilities: capabilitiesOf(id) },
  model: readModel(id, { id: 'gpt-4o-mini-2024-07-18', shutdown_date }),
})
const availabilityOn = (id: ProviderId, shutdown: string | null, day: string) =>
  availability(place(id, shutdown), 'supervised', new Date(`${day}T12:00:00Z`))

test.each([
  ['openai', null, '2026-11-22', { ok: true, reason: 'closing', date: '2027-01-06' }],
  ['openai', '2027-01-14', '2026-11-22', { ok: true, reason: 'closing', date: '2027-01-06' }],
  ['openai', '2026-12-24', '2026-11-22', { ok: true, reason: 'closing', date: '2026-12-24' }],
  ['openai', '2026-12-24', '2026-12-24', { ok: false, reason: 'closed', date: '2026-12-24' }],
  ['openai', null, '2027-01-06', { ok: false, reason: 'closed', date: '2027-01-06' }],
  ['compatible', null, '2027-02-01', { ok: true, reason: null, date: null }],
  ['compatible', '2027-04-14', '2027-02-01', { ok: true, reason: 'closing', date: '2027-04-14' }],
  ['embedded', null, '2027-02-01', { ok: true, reason: null, date: null }],
] as const)('%s with shutdown date %s, on %s', (id, shutdown, day, expected) =>
  expect(availabilityOn(id, shutdown, day)).toEqual(expected),
)

test('preference pairs need a provider that trains on them', () => {
  const now = new Date('2026-11-22')
  const at = (id: ProviderId) => availability(place(id), 'preference', now).ok
  expect([at('embedded'), at('openai'), at('compatible')]).toEqual([true, true, true])
  const { provider, model } = place('compatible')
  const without = { ...provider, capabilities: { ...provider.capabilities, preference: false } }
  expect(availability({ provider: without, model }, 'preference', now)).toMatchObject({
    ok: false,
    reason: 'preference',
  })
})

test('a provider that did not answer in time is unavailable', () => {
  const silent = { ...place('openai'), model: null }
  expect(availability(silent, 'supervised', new Date())).toEqual({ ok: false, reason: 'silent', date: null })
})

test.each([
  [1e9, 1e9, null],
  [2e9, 1e9, 'memory'],
  [1e9, 3e9, 'disk'],
])(
  'a training that needs %d bytes of memory and %d of disk, where 1.5 and 2 GB are free',
  (memory, disk, reason) => {
    const needs = { memory, freeMemory: 1.5e9, disk, freeDisk: 2e9, longestRow: 0 }
    expect(availability(place('embedded'), 'supervised', new Date(), needs)).toEqual({
      ok: reason === null,
      reason,
      date: null,
    })
  },
)
