import { describe, expect, test } from 'vitest'
import { metricsIn } from '#lib/jobs/event-metrics.ts'
import { RemoteEvent } from '#lib/jobs/wire.ts'

const event = (step: number, second: number, data: Record<string, unknown> = {}, more = {}) =>
  RemoteEvent.parse({
    id: `e${step}`,
    created_at: second,
    type: 'metrics',
    message: `Step ${step}/9: training loss=0.50`,
    data: { step, train_loss: 0.5, ...data },
    ...more,
  })

const took = (seconds: number) => ({ limerick: { rows: [0], losses: [0.5], seconds, epoch: 1 } })
const times = (events: RemoteEvent[], before: number | null) =>
  metricsIn(events, before).map(({ point }) => point.at)

describe('metrics of events', () => {
  test('a provider’s whole seconds are kept', () => {
    expect(times([event(1, 10), event(2, 10), event(3, 11)], 5_000)).toEqual([10_000, 10_000, 11_000])
  })

  test('steps with a duration are placed within their second, one after the other', () => {
    const events = [event(1, 10, took(0.2)), event(2, 10, took(0.25)), event(3, 11, took(0.1))]
    expect(times(events, 10_100)).toEqual([10_300, 10_550, 11_000])
    expect(times(events, null)).toEqual([10_200, 10_450, 11_000])
    // Never outside the second that the provider named.
    expect(times([event(1, 10, took(5))], 10_000)).toEqual([10_999])
  })

  test('a message about a step without numbers is a point only for type metrics', () => {
    const bare = { data: undefined, type: 'message' }
    expect(metricsIn([event(1, 10, {}, bare)], null)).toEqual([])
    expect(metricsIn([event(1, 10, {}, { type: null })], null)).toMatchObject([
      { eventId: 'e1', totalSteps: 9, point: { step: 1, trainLoss: 0.5 } },
    ])
    expect(metricsIn([event(1, 10, {}, { data: undefined })], null)).toMatchObject([
      { point: { step: 1, trainLoss: null } },
    ])
  })
})
