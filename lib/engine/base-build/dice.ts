import { createRandom } from '#lib/core/random.ts'

/** Seeded choices. The same seed gives the same choices on every machine. */
export interface Dice {
  /** True with probability p. */
  chance(p: number): boolean
  /** A whole number in [0, below). */
  below(below: number): number
  pick<Of>(from: readonly Of[]): Of
  /** Different entries in random order; all of them if there are fewer than `count`. */
  some<Of>(from: readonly Of[], count: number): Of[]
  /** The value of one entry, drawn by its weight. */
  weighted<Of>(from: readonly (readonly [weight: number, value: Of])[]): Of
}

export function createDice(seed: number): Dice {
  const random = createRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  function pick<Of>(from: readonly Of[]): Of {
    if (from.length === 0) throw new RangeError('there is nothing to choose from')
    return from[below(from.length)] as Of
  }
  function some<Of>(from: readonly Of[], count: number): Of[] {
    const left = [...from]
    const taken: Of[] = []
    while (taken.length < count && left.length > 0) taken.push(...left.splice(below(left.length), 1))
    return taken
  }
  function weighted<Of>(from: readonly (readonly [number, Of])[]): Of {
    let left = random() * from.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of from) {
      left -= weight
      if (left < 0) return value
    }
    return pick(from)[1]
  }
  return { chance: (p) => random() < p, below, pick, some, weighted }
}
