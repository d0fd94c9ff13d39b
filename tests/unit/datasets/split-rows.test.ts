import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heldOutGroups } from '#lib/datasets/worker/split-rows.ts'

const groups = fc
  .array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 200 })
  .map((names) => Uint32Array.from(names))
const share = fc.double({ min: 0.01, max: 0.5, noNaN: true })
const seed = fc.nat()

const sizeOf = (all: Uint32Array, drawn: Set<number>): number =>
  all.filter((group) => drawn.has(group)).length

describe('choosing the held-out groups', () => {
  it('takes whole groups, at most the share, never all, the same for a seed', () => {
    fc.assert(
      fc.property(groups, share, seed, (all, part, lot) => {
        const drawn = heldOutGroups(all, part, lot)
        expect(sizeOf(all, drawn)).toBeLessThanOrEqual(Math.max(1, Math.round(all.length * part)))
        expect(drawn.size).toBeLessThan(new Set(all).size)
        expect(heldOutGroups(all, part, lot)).toEqual(drawn)
      }),
    )
  })

  it('reaches the share exactly when every group has one row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), share, seed, (count, part, lot) => {
        const all = Uint32Array.from({ length: count }, (_, row) => row)
        expect(sizeOf(all, heldOutGroups(all, part, lot))).toBe(Math.max(1, Math.round(count * part)))
      }),
    )
  })

  it('a share of 0 holds out nothing', () => {
    expect(heldOutGroups(Uint32Array.of(0, 1, 2), 0, 1).size).toBe(0)
  })
})
