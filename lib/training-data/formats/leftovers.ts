import type { Left } from './fields.ts'
import { meaningOf } from './headings.ts'
import type { Leftover } from './plan.ts'

const SAMPLE = 160
/** Most fields listed: objects with names as keys may have any number. */
const MOST = 200

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

interface Seen extends Omit<Leftover, 'isId'> {
  whole: string
  /** Last value while all values count up by one; else null. */
  counting: number | null
}

/** Counts the fields not taken, over a file of any size. */
export class Leftovers {
  readonly #seen = new Map<string, Seen>()

  /** @param left of one record */
  add(left: readonly Left[]): void {
    const counted = new Set<string>()
    for (const { value, ...place } of left) {
      if (!counted.has(place.path)) this.#count(place, textOf(value))
      counted.add(place.path)
    }
  }

  list(): Leftover[] {
    return Array.from(this.#seen.values(), ({ path, nested, count, sample, differs, counting }) => ({
      path,
      nested,
      count,
      sample,
      differs,
      isId: meaningOf(path) === 'id' || (counting !== null && count > 2),
    }))
  }

  #count(place: Omit<Left, 'value'>, text: string): void {
    const { path } = place
    const seen = this.#seen.get(path)
    const number = /^\d{1,15}$/.test(text) ? Number(text) : null
    if (seen) {
      seen.count++
      seen.differs ||= seen.whole !== text
      seen.counting = seen.counting !== null && number === seen.counting + 1 ? number : null
    } else if (this.#seen.size < MOST) {
      const whole = { ...place, count: 1, sample: text.slice(0, SAMPLE), differs: false, whole: text }
      this.#seen.set(path, { ...whole, counting: number })
    }
  }
}
