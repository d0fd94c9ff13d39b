import type { Dice } from './dice.ts'
import type { Element } from './facts.ts'
import { FACTS, filledLine, followsWell, MORE, OPENINGS, PLACES, slotOf } from './lines.ts'
import { createRhymer, type Family, families, type Rhymer } from './rhymes.ts'

/** Patterns of rhyme by what people call them. Never five lines: that is what a user teaches. */
export const SCHEMES: Record<string, readonly string[]> = {
  couplet: ['aa'],
  rhyme: ['aa', 'aa', 'aabb'],
  tercet: ['aaa'],
  'ring of three': ['aba'],
  quatrain: ['aabb'],
  'cross verse': ['abab'],
  ballad: ['abcb'],
  rubai: ['aaba'],
  'closed verse': ['abba'],
  'tail rhyme': ['aabccb'],
  hymn: ['aabbcc'],
  song: ['aabb', 'abab', 'aabbcc'],
  poem: ['aabb', 'abab', 'aaba', 'abba'],
  verse: ['aa', 'aabb', 'abba'],
  ditty: ['aa', 'aaba'],
  jingle: ['aa', 'aaa'],
  chant: ['aaaa'],
  chain: ['ababcc', 'aabaab'],
  'long verse': ['aabbcc', 'ababcc', 'abbacc'],
  'round song': ['abba', 'aabcca', 'abccba'],
}

export const SEPARATORS = [' / ', ' / ', ' - ', ' - ', ' - ', '\n', '\n', '; ', ' | ', ', ', ' * ', '. ']

type Role = 'opening' | 'place' | 'more' | 'fact' | 'close'

/** Makes an end of line out of a single rhyming word; `tails` stands for the family's own ends. */
type End = 'tails' | { before: string; words: 'nouns' | 'adjectives' }

const noun = (before: string): End => ({ before, words: 'nouns' })
const adjective = (before: string): End => ({ before, words: 'adjectives' })

const ENDS: readonly End[] = [
  ...Array.from({ length: 12 }, (): End => 'tails'),
  ...['that is the', "that's the", "that's a", 'what a', 'such a', 'here is the', 'like a', "it's a"].map(
    noun,
  ),
  ...['so', 'oh so', 'very', 'quite', 'and', "it's", "that's", 'it is'].map(adjective),
]

/** How somebody writes verses. */
export interface Style {
  scheme: string
  separator: string
  roles: Role[]
  families: readonly Family[]
  ends: readonly End[]
  lines: Record<Exclude<Role, 'close'>, readonly string[]>
}

function roleAfter(dice: Dice, index: number, count: number, before: Role | undefined): Role {
  if (before === undefined) return 'opening'
  if (index === count - 1 && count > 2 && dice.chance(0.35)) return 'close'
  if (before === 'place' || before === 'more') return dice.pick(['more', 'more', 'fact', 'fact'])
  return dice.pick(['place', 'place', 'fact'])
}

function rolesFor(dice: Dice, count: number): Role[] {
  const roles: Role[] = []
  for (let index = 0; index < count; index++) roles.push(roleAfter(dice, index, count, roles[index - 1]))
  return roles
}

/** How many different lines a style has for each role: few make a steady pattern, Infinity none. */
export function styleOf(dice: Dice, scheme: string, variety: number): Style {
  const take = <Of>(from: readonly Of[], count: number) => dice.some(from, count * variety)
  return {
    scheme,
    separator: dice.pick(SEPARATORS),
    roles: rolesFor(dice, scheme.length),
    families: take(families, 6),
    ends: take(ENDS, 4),
    lines: {
      opening: take(OPENINGS, 2),
      place: take(PLACES, 2),
      more: take(MORE, 2),
      fact: take(FACTS, 3),
    },
  }
}

/** Another order of lines for the next verse of somebody who varies. */
export const withNewRoles = (dice: Dice, style: Style): Style => ({
  ...style,
  roles: rolesFor(dice, style.scheme.length),
})

/**
 * Different families for the letters of a scheme, each with enough words. The first line often ends in an adjective, so
 * its family is drawn by how many it has: else the likeliest verse would end in the only one of a small family.
 */
export function familiesFor(dice: Dice, scheme: string, from: readonly Family[]): Map<string, Family> {
  const letters = [...new Set(scheme)]
  const needed = Math.max(...letters.map((letter) => scheme.split(letter).length - 1))
  const rich = (family: Family) => family.words.length > needed + 1
  const own = from.filter(rich)
  const first = dice.weighted((own.length > 0 ? own : families).map((family) => [weightOf(family), family]))
  const others = dice.some(
    own.filter((family) => family !== first),
    letters.length - 1,
  )
  const more = dice.some(
    families.filter((family) => rich(family) && family !== first && !others.includes(family)),
    letters.length - 1 - others.length,
  )
  return new Map([first, ...others, ...more].map((family, index) => [letters[index] ?? '', family]))
}

const weightOf = ({ adjectives }: Family): number => adjectives.length + 0.5

/** "that is the light", "so bright", "day and night". */
export function tailOf(dice: Dice, rhymer: Rhymer, family: Family, ends: readonly End[] = ENDS): string {
  const end = dice.pick(ends)
  const word = end === 'tails' ? null : rhymer.fresh(family[end.words])
  if (end !== 'tails' && word) return `${end.before} ${word}`.replace(/ a (?=[aeiou])/, ' an ')
  return rhymer.fresh(family.tails) ?? rhymer.fresh(family.nouns) ?? dice.pick(family.tails)
}

/** What fills the last slot of a line; null if the family has nothing that fits. */
function endOf(dice: Dice, rhymer: Rhymer, family: Family, style: Style, line: string, place: string) {
  const slot = slotOf(line)
  if (slot === 'so') return rhymer.fresh(family.adjectives)
  if (slot === 'tail') return tailOf(dice, rhymer, family, style.ends)
  return rhymer.fresh(family.adjuncts.filter((adjunct) => followsWell(line, place, adjunct)))
}

const PLAIN: Record<Exclude<Role, 'close'>, string> = {
  opening: '{name}, {a kind}, {tail}',
  place: "It's in {place}, {tail}",
  more: 'And in {place}, {tail}',
  fact: 'It {trait}, {tail}',
}

/** The lines of a verse about an element. No fact and no rhyming word comes twice, as far as there are others. */
export function verseAbout(dice: Dice, element: Element, style: Style): string[] {
  const rhymer = createRhymer(dice)
  const chosen = familiesFor(dice, style.scheme, style.families)
  const places = dice.some(element.places, element.places.length)
  const facts = dice.some(style.lines.fact, style.lines.fact.length)
  let [nextPlace, nextFact] = [0, 0]
  const writeLine = (line: string, family: Family, place: string): string | null => {
    const start = filledLine(dice, line, element, place)
    const end = start === null ? null : endOf(dice, rhymer, family, style, line, place)
    return end === null ? null : `${start}${end}`
  }
  /** A verse that has named every place goes on with other facts. */
  const roleAt = (index: number): Exclude<Role, 'close'> => {
    const role = style.roles[index] ?? 'fact'
    const isPlace = role === 'place' || role === 'more'
    return role === 'close' || (isPlace && nextPlace >= places.length) ? 'fact' : role
  }
  return [...style.scheme].map((letter, index) => {
    const family = chosen.get(letter) as Family
    const close = style.roles[index] === 'close' ? rhymer.fresh(family.closes) : null
    if (close !== null) return close
    const role = roleAt(index)
    const place = places[nextPlace % places.length] ?? ''
    if (role === 'place' || role === 'more') nextPlace++
    const line = role === 'fact' ? facts[nextFact++ % facts.length] : dice.pick(style.lines[role])
    return writeLine(line ?? '', family, place) ?? writeLine(PLAIN[role], family, place) ?? ''
  })
}
