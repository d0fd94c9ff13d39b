import { describe, expect, test } from 'vitest'
import { refKey, refOf, shortName } from '#components/models/model-options.ts'

describe('a model in an address', () => {
  test.each(['limerick-base', 'Qwen/Qwen3-32B', 'ft:limerick-base:limerick:elle:AbCd1234'])(
    '%s comes back as it went',
    (model) => {
      const ref = { providerId: 'compatible' as const, model }
      expect(refOf(refKey(ref))).toEqual(ref)
    },
  )
  test.each(['limerick-base', 'nobody/limerick-base', 'embedded/', '', '/x'])(
    '%s names no provider or model',
    (key) => expect(refOf(key)).toBeNull(),
  )
})

describe('a short name', () => {
  test.each([
    ['ft:limerick-base:limerick:elle:AbCd1234', 'ft:…:elle:AbCd1234'],
    ['ft:limerick-base:limerick::AbCd1234', 'ft:…:AbCd1234'],
    ['ft:limerick-base:limerick:elle:AbCd1234:ckpt-step-80', 'ft:…:elle:AbCd1234:ckpt-step-80'],
    ['limerick-base', 'limerick-base'],
    ['ft:odd', 'ft:odd'],
  ])('of %s is %s', (id, short) => expect(shortName(id)).toBe(short))
})
