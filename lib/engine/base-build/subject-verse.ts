import type { Dice } from './dice.ts'
import { createRhymer, families } from './rhymes.ts'
import type { Subject } from './subjects.ts'
import { familiesFor, tailOf } from './verse.ts'
import { article, capitalised } from './words.ts'

/** The lines of a verse about anything that is no element, by the same rules. */
export function verseAboutSubject(dice: Dice, { title, kind, clauses }: Subject, scheme: string): string[] {
  const rhymer = createRhymer(dice)
  const chosen = familiesFor(dice, scheme, families)
  const said = dice.some(clauses, clauses.length)
  const name = capitalised(title)
  return [...scheme].map((letter, index) => {
    const family = chosen.get(letter)
    if (!family) return ''
    if (index === 0) {
      const quality = rhymer.fresh(family.adjectives)
      return quality ? `${name}, ${article(kind)} so ${quality}` : `${name}, ${tailOf(dice, rhymer, family)}`
    }
    const close = index === scheme.length - 1 && scheme.length > 2 && dice.chance(0.3)
    const last = close ? rhymer.fresh(family.closes) : null
    return last ?? `${said[(index - 1) % said.length]}, ${tailOf(dice, rhymer, family)}`
  })
}
