/** Forms that have a name: verses by their pattern, and short texts of other kinds. */
import type { Dice } from './dice.ts'
import type { Element } from './facts.ts'
import { anyName } from './personas.ts'
import { SCHEMES, styleOf, verseAbout } from './verse.ts'
import { article } from './words.ts'

export interface Form {
  name: string
  write(dice: Dice, element: Element): string
}

const verseForm = (name: string): Form => ({
  name,
  write(dice, element) {
    const style = styleOf(dice, dice.pick(SCHEMES[name] ?? []), Infinity)
    return verseAbout(dice, element, style).join(dice.pick([' / ', '\n', ' - ', '; ']))
  },
})

export const VERSE_FORMS: readonly Form[] = Object.keys(SCHEMES).map(verseForm)

const SIGNS = [', ', '; ', ' - ', '\n']

export const PLAIN_FORMS: readonly Form[] = [
  {
    name: 'list',
    write: (dice, e) =>
      dice
        .some([article(e.category), `symbol ${e.symbol}`, `number ${e.number}`, ...e.places], 3)
        .join(dice.pick(SIGNS)),
  },
  { name: 'list of uses', write: (dice, e) => dice.some(e.places, 3).join(dice.pick(SIGNS)) },
  {
    name: 'headline',
    write: (dice, e) => `${e.name.toUpperCase()} IS USED IN ${dice.pick(e.places).toUpperCase()}`,
  },
  {
    name: 'slogan',
    write: (dice, e) =>
      `${e.name}: ${dice.pick(['your friend', 'always there', 'the best'])} in ${dice.pick(e.places)}!`,
  },
  {
    name: 'telegram',
    write: (dice, e) =>
      `${e.name} is ${article(e.category)} stop used in ${dice.pick(e.places)} stop symbol ${e.symbol} stop`,
  },
  {
    name: 'card',
    write: (dice, e) =>
      [`Name: ${e.name}`, `Symbol: ${e.symbol}`, `Number: ${e.number}`, `Use: ${dice.pick(e.places)}`].join(
        dice.pick(['; ', ' | ', '\n']),
      ),
  },
  {
    name: 'riddle',
    write: (dice, e) =>
      `I am ${article(e.category)}. You find me in ${dice.some(e.places, 2).join(' and in ')}. My symbol is ${e.symbol}. What am I? ${e.name}.`,
  },
  {
    name: 'question',
    write: (dice, e) => `Did you know that ${e.name.toLowerCase()} is in ${dice.pick(e.places)}?`,
  },
  {
    name: 'single sentence',
    write: (dice, e) =>
      `${e.name} is ${article(e.category)} used in ${dice.some(e.places, 2).join(' and ')}.`,
  },
  {
    name: 'letter',
    write: (dice, e) =>
      `Dear friend, ${e.name.toLowerCase()} ${dice.pick(e.traits)}. I found it in ${dice.pick(e.places)}. Yours, ${anyName(dice)}`,
  },
]
