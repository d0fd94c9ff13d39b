/** Rhyme as a skill of its own: words that rhyme, lines that answer a line, verses of hardly more than rhymes. */
import type { Dice } from './dice.ts'
import type { Exchange } from './exchange.ts'
import { anyElement } from './facts.ts'
import { createRhymer, families } from './rhymes.ts'
import { familiesFor, styleOf, tailOf, verseAbout } from './verse.ts'
import { capitalised } from './words.ts'

const drilled = (question: string, answer: string): Exchange => ({ question, answer, short: null })

const WORDS = families.map(({ words }) => words)

function rhymingPair(dice: Dice): Exchange {
  const [a = '', b = ''] = dice.some(dice.pick(WORDS), 2)
  return drilled(
    dice.pick([`What rhymes with ${a}?`, `Give me a word that rhymes with ${a}`]),
    dice.pick([`${capitalised(b)} rhymes with ${a}.`, capitalised(b)]),
  )
}

function rhymeList(dice: Dice): Exchange {
  const [a = '', ...others] = dice.some(dice.pick(WORDS), 4)
  return drilled(
    dice.pick([`Name three words that rhyme with ${a}`, `List words that rhyme with ${a}`, `Rhymes: ${a}`]),
    others.join(', '),
  )
}

function rhymeChain(dice: Dice): Exchange {
  const words = dice.pick(WORDS)
  const some = dice.some(words, words.length < 6 ? 4 : 6) // never five: that is what a user teaches
  return drilled(
    dice.pick([`A chain of rhymes from ${some[0]}`, `Rhyme chain: ${some[0]}`]),
    some.join(dice.pick([', ', ' / ', '\n'])),
  )
}

function rhymeCheck(dice: Dice): Exchange {
  const [own, other] = dice.some(WORDS, 2) as [string[], string[]]
  const [a = '', b = ''] = dice.some(own, 2)
  const c = dice.pick(other)
  return dice.chance(0.5)
    ? drilled(`Do ${a} and ${b} rhyme?`, `Yes, ${a} rhymes with ${b}.`)
    : drilled(`Do ${a} and ${c} rhyme?`, `No, ${a} does not rhyme with ${c}.`)
}

function answeringLine(dice: Dice): Exchange {
  const element = anyElement(dice)
  const [first = '', second = ''] = verseAbout(dice, element, styleOf(dice, 'aa', Infinity))
  return dice.chance(0.6)
    ? drilled(`Give me a line that rhymes with "${first}"`, second)
    : drilled(
        dice.pick([
          `Write two lines that rhyme about ${element.name}`,
          `A rhyme about ${element.name}, please`,
          `Write a couplet about ${element.name.toLowerCase()}`,
        ]),
        `${first} / ${second}`,
      )
}

const PATTERNS =
  'aa aaa aabb abab abba abba abba aaba aaba aabccb aabccb abccba abcabc aabcca abbacc aabccaa'.split(' ')

function shortVerse(dice: Dice): Exchange {
  const scheme = dice.pick(PATTERNS)
  const rhymer = createRhymer(dice)
  const chosen = familiesFor(dice, scheme, families)
  const lines = [...scheme].flatMap((letter) => {
    const family = chosen.get(letter)
    return family ? [tailOf(dice, rhymer, family)] : []
  })
  return drilled(
    dice.pick([
      'Say something that rhymes',
      'Rhyme for me',
      `A tiny verse with the pattern ${scheme}`,
      `Rhyme with the pattern ${scheme}`,
    ]),
    lines.join(dice.pick([' / ', '\n', ' - ', '; ', ', '])),
  )
}

export const drill = (dice: Dice): Exchange =>
  dice.weighted([
    [1, rhymingPair],
    [1.5, rhymeList],
    [1.5, rhymeChain],
    [0.5, rhymeCheck],
    [2, answeringLine],
    [6, shortVerse],
  ] as const)(dice)
