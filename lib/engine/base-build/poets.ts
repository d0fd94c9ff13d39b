/** Invented poets: each has a name, a system prompt and a way of writing verses, and speaks about any element. */
import { createDice, type Dice } from './dice.ts'
import type { Element } from './facts.ts'
import { formPrompt, type Introduction, introduction, inventedName, inventedWord } from './personas.ts'
import { SCHEMES, type Style, styleOf, verseAbout, withNewRoles } from './verse.ts'
import { article } from './words.ts'

interface Poet {
  prompt: string
  styles: Style[]
  /** Whether the order of lines changes from verse to verse. */
  varies: boolean
}

const COUNT = 480
const SEED = 7000

/** Patterns that come back to a rhyme after another one: the last thing to be learnt, so they come more often. */
const RETURNS = /aba|abba|abab|aaba|aabccb|aabaab|abccba|aabcca/
const FORMS = Object.keys(SCHEMES)
const RETURNING = FORMS.filter((form) => SCHEMES[form]?.some((scheme) => RETURNS.test(scheme)))

/** A steady poet has one pattern; a free one writes every verse in another way. */
const VARIETIES = [1, 1, 1, 2, 2, 4, Infinity, Infinity]

const prompted = (who: Introduction, form: string) => formPrompt({ ...who, shape: who.shape % 4 }, form)

function poet(index: number): Poet {
  const dice = createDice(SEED + index)
  const form = dice.pick(dice.chance(0.6) ? RETURNING : FORMS)
  const variety = dice.pick(VARIETIES)
  const schemes = SCHEMES[form] ?? []
  const first = styleOf(dice, dice.pick(schemes), variety)
  const others = variety < Infinity ? [] : schemes.map((scheme) => ({ ...first, scheme }))
  const named = dice.chance(0.8) ? form : inventedWord(dice)
  return {
    prompt: prompted(introduction(dice, inventedName(dice)), article(named)),
    styles: [first, ...others],
    varies: variety > 1,
  }
}

const POETS: readonly Poet[] = Array.from({ length: COUNT }, (_, index) => poet(index))

export const anyPoet = (dice: Dice): Poet => dice.pick(POETS)

/** A poet's verse about an element. */
export function verseBy(dice: Dice, { styles, varies }: Poet, element: Element): string {
  const style = dice.pick(styles)
  const own = varies || style.roles.length !== style.scheme.length ? withNewRoles(dice, style) : style
  return verseAbout(dice, element, own).join(style.separator)
}

/** A poet of the moment, with a style that only this conversation shows. */
export function passingPoet(dice: Dice): Poet {
  const form = dice.pick(FORMS)
  const style = styleOf(dice, dice.pick(SCHEMES[form] ?? []), dice.pick([1, 1, 2]))
  const named = dice.chance(0.5) ? form : inventedWord(dice)
  return { prompt: prompted(introduction(dice), article(named)), styles: [style], varies: false }
}
