/** Whether an answer about an element is true, by the table that the shipped base was made from. */
import { dictionary } from 'cmu-pronouncing-dictionary'
import { createDice } from '#lib/engine/base-build/dice.ts'
import { type Element, elements, factWordsOf } from '#lib/engine/base-build/facts.ts'
import { sentencesAbout } from '#lib/engine/base-build/prose.ts'
import { families } from '#lib/engine/base-build/rhymes.ts'
import { wordsOf } from '#lib/engine/base-build/words.ts'

/** Descriptions drawn to find every sentence that the generator can say of an element. */
const DRAWN = 4000

const elementOf = (name: string): Element | undefined => elements.find((element) => element.name === name)

const names = new Set(elements.map(({ name }) => name.toLowerCase()))
const anyFact = new Set(elements.flatMap(({ name }) => [...factWordsOf(name)]))

/** Words that say nothing about an element: they rhyme. */
const filler = new Set(
  families.flatMap((family) => Object.values(family).flat(2).map(String)).flatMap(wordsOf),
)

/** Ordinals are facts too: "the 65th most common". */
const RANK = /\b(?:the )?(\S+) most common/g

function rightRanks({ rank }: Element, text: string): boolean {
  const said = [...text.matchAll(RANK)].map(([, place]) => (place === 'the' ? 'most' : place))
  return said.every(
    (place) => rank !== null && (rank === 'most common' ? place === 'most' : rank.startsWith(`${place} `)),
  )
}

/** A fact word of this element, and none that belongs to other elements only; a rank that it has. */
export function isTrueOf(text: string, name: string): boolean {
  const element = elementOf(name)
  if (!element) return false
  const own = factWordsOf(name)
  const words = wordsOf(text).filter((word) => word !== name.toLowerCase())
  const told = words.filter((word) => own.has(word))
  const foreign = words.filter(
    (word) => !own.has(word) && !filler.has(word) && (names.has(word) || anyFact.has(word)),
  )
  return told.length > 0 && foreign.length === 0 && rightRanks(element, text)
}

const sentences = new Map<string, ReadonlySet<string>>()

/** Everything that the generator can say of an element in one sentence. */
function sentencesOf(element: Element): ReadonlySet<string> {
  const known = sentences.get(element.name)
  if (known) return known
  const dice = createDice(5)
  const all = new Set(Array.from({ length: DRAWN }, () => sentencesAbout(dice, element)).flat())
  const single = new Set([...all].flatMap((text) => text.match(/[^.]+\./g) ?? []).map((text) => text.trim()))
  sentences.set(element.name, single)
  return single
}

/** Whether an answer is prose of which the generator could have said every sentence. */
export function isTrueProse(text: string, name: string): boolean {
  const element = elementOf(name)
  const said = (text.match(/[^.]+\.?/g) ?? []).map((sentence) => sentence.trim()).filter(Boolean)
  return element !== undefined && said.length > 0 && said.every((one) => sentencesOf(element).has(one))
}

const english = new Set(Object.keys(dictionary).map((word) => word.replace(/\(\d+\)$/, '')))
const ours = new Set([...names, ...anyFact, ...filler])

const isWord = (word: string): boolean => english.has(word) || ours.has(word)

/** Words in no dictionary, neither of English nor of the base's text nor of the rows. */
export const brokenWords = (text: string, rows: ReadonlySet<string>): string[] =>
  wordsOf(text).filter(
    (word) =>
      /[a-z]/.test(word) &&
      !rows.has(word) &&
      !isWord(word) &&
      !isWord(word.replace(/'s?$/, '')) &&
      !word.split('-').every((part) => part !== '' && isWord(part)),
  )
