/** Elements in plain English: descriptions, and questions about one fact. */
import type { Dice } from './dice.ts'
import type { Exchange } from './exchange.ts'
import type { Element } from './facts.ts'
import { article, capitalised, enumerated } from './words.ts'

const UNKNOWN_RANK = 'There is hardly any of it in the crust.'

function introduction(dice: Dice, { name, number, symbol, category }: Element): string {
  const kind = article(category)
  return dice.pick([
    `${name} is ${kind}.`,
    `${name} is ${kind} with the symbol ${symbol}.`,
    `${name} is ${kind} with the symbol ${symbol} and atomic number ${number}.`,
    `${name} is element number ${number}, ${kind} with the symbol ${symbol}.`,
    `${name}, symbol ${symbol}, is ${kind}. Its atomic number is ${number}.`,
  ])
}

function appearance(dice: Dice, { color, state }: Element): string {
  if (!color || !state) return 'Nobody has seen its color.'
  return dice.pick([
    `It is a ${color} ${state} at room temperature.`,
    `At room temperature it is a ${color} ${state}.`,
    `It is ${color}.`,
  ])
}

const traits = (dice: Dice, { traits: [first = '', second = first] }: Element): string =>
  dice.pick([`It ${first}.`, `It ${second}.`, `It ${first} and ${second}.`])

function use(dice: Dice, { places, purposes }: Element): string {
  const some = enumerated(dice.some(places, 3))
  return dice.pick([
    `You find it in ${some}.`,
    `It is used in ${some}.`,
    `It is in ${some}.`,
    `People use it for ${dice.pick(purposes)}.`,
    `It is used for ${enumerated(purposes)}.`,
  ])
}

function discovery(dice: Dice, { found }: Element): string {
  if (!found) return 'It has been known since ancient times.'
  const { by, year } = found
  return dice.pick([`It was found by ${by} in ${year}.`, `${capitalised(by)} found it in ${year}.`])
}

function rank(dice: Dice, { rank: place }: Element): string {
  if (!place) return UNKNOWN_RANK
  return dice.pick([
    `It is the ${place} element in the crust.`,
    `It is the ${place} element in the Earth's crust.`,
    `It's the ${place} element.`,
  ])
}

const source = ({ source: from }: Element): string => `It comes from ${from}.`

/** Two to five sentences about an element. */
export function sentencesAbout(dice: Dice, e: Element): string[] {
  const more = [appearance(dice, e), traits(dice, e), discovery(dice, e), source(e), rank(dice, e)]
  const middle = dice.some(more, dice.pick([0, 1, 1, 1, 2]))
  const last = use(dice, e)
  const orders = [[...middle, last], [...middle, last], [last, ...middle], [traits(dice, e), last], [last]]
  return [introduction(dice, e), ...new Set(dice.pick(orders))]
}

export const proseAbout = (dice: Dice, e: Element): string => sentencesAbout(dice, e).join(' ')

/** "Tell me about Neon", in many ways. */
export function askAbout(dice: Dice, thing: string, lower = thing): string {
  const name = dice.chance(0.75) ? thing : lower
  return dice.pick([
    `Tell me about ${name}`,
    `Tell me about ${name}`,
    `Tell me about ${name}`,
    `Tell me about ${name}.`,
    `What is ${name}?`,
    `Describe ${name}`,
    `Can you describe ${name}?`,
    `What do you know about ${name}?`,
    `Explain ${name} to me`,
    `${capitalised(name)}?`,
    capitalised(name),
    `Tell me something about ${name}`,
    `Talk about ${name}`,
    `Give me some facts about ${name}`,
  ])
}

export const askAboutElement = (dice: Dice, { name }: Element): string =>
  askAbout(dice, name, name.toLowerCase())

type Question = (dice: Dice, e: Element, name: string) => Exchange

const symbolQuestion: Question = (dice, { symbol }, name) => ({
  question: dice.pick([`What is the symbol of ${name}?`, `What is the chemical symbol for ${name}?`]),
  answer: dice.pick([`The symbol of ${name} is ${symbol}.`, `It is ${symbol}.`]),
  short: symbol,
})

const numberQuestion: Question = (dice, { number }, name) => ({
  question: dice.pick([`What is the atomic number of ${name}?`, `Which number does ${name} have?`]),
  answer: `The atomic number of ${name} is ${number}.`,
  short: String(number),
})

const useQuestion: Question = (dice, { purposes }, name) => ({
  question: dice.pick([
    `What is ${name} used for?`,
    `How do people use ${name}?`,
    `What is ${name} good for?`,
  ]),
  answer: dice.pick([
    `${capitalised(name)} is used for ${enumerated(purposes)}.`,
    `People use ${name} for ${enumerated(purposes)}.`,
  ]),
  short: enumerated(purposes),
})

function placeQuestion(dice: Dice, { places }: Element, name: string): Exchange {
  const some = enumerated(dice.some(places, dice.pick([1, 2, 3])))
  return {
    question: dice.pick([`Where is ${name} found?`, `Where do I find ${name}?`, `What has ${name} in it?`]),
    answer: dice.pick([`You find ${name} in ${some}.`, `${capitalised(name)} is in ${some}.`]),
    short: some,
  }
}

const sourceQuestion: Question = (dice, e, name) => ({
  question: dice.pick([`Where does ${name} come from?`, `What is the source of ${name}?`]),
  answer: `${capitalised(name)} comes from ${e.source}.`,
  short: e.source,
})

const stateQuestion: Question = (dice, { state }, name) => ({
  question: dice.pick([
    `Is ${name} a solid, a liquid or a gas?`,
    `What state is ${name} in?`,
    `Is ${name} a gas?`,
  ]),
  answer: state ? `At room temperature ${name} is a ${state}.` : `Nobody has made enough ${name} to see it.`,
  short: state && article(state),
})

const bySymbol: Question = (_dice, { symbol }, name) => ({
  question: `Which element has the symbol ${symbol}?`,
  answer: `The element with the symbol ${symbol} is ${name}.`,
  short: name,
})

const byNumber: Question = (_dice, { number }, name) => ({
  question: `Which element has the atomic number ${number}?`,
  answer: `Element number ${number} is ${name}.`,
  short: name,
})

const colorQuestion: Question = (dice, { color }, name) => ({
  question: dice.pick([`What color is ${name}?`, `Which color does ${name} have?`]),
  answer: color ? `${capitalised(name)} is ${color}.` : `Nobody has seen the color of ${name}.`,
  short: color,
})

function finderQuestion(dice: Dice, { found }: Element, name: string): Exchange {
  const question = dice.pick([`Who found ${name}?`, `Who discovered ${name}?`])
  if (!found)
    return {
      question,
      answer: `${capitalised(name)} has been known since ancient times.`,
      short: 'the ancients',
    }
  const { by, year } = found
  const full = `${capitalised(name)} was found by ${by} in ${year}.`
  return dice.chance(0.7)
    ? { question, answer: full, short: by }
    : { question: `When was ${name} found?`, answer: full, short: `in ${year}` }
}

const rankQuestion: Question = (dice, { rank: place }, name) => ({
  question: dice.pick([`How common is ${name}?`, `Is ${name} rare?`, `How much ${name} is in the crust?`]),
  answer: place
    ? `${capitalised(name)} is the ${place} element in the crust.`
    : `There is hardly any ${name} in the crust.`,
  short: place && `the ${place}`,
})

const kindQuestion: Question = (dice, { category }, name) => ({
  question: dice.pick([`What kind of element is ${name}?`, `Is ${name} a metal?`]),
  answer: `${capitalised(name)} is ${article(category)}.`,
  short: article(category),
})

const traitQuestion: Question = (dice, { traits: [first = '', second = first] }, name) => ({
  question: dice.pick([`What is special about ${name}?`, `Why is ${name} interesting?`]),
  answer: `${capitalised(name)} ${first}. It also ${second}.`,
  short: null,
})

const QUESTIONS: readonly (readonly [number, Question])[] = [
  [1, symbolQuestion],
  [1, numberQuestion],
  [2, useQuestion],
  [2, placeQuestion],
  [1, sourceQuestion],
  [1, stateQuestion],
  [1, bySymbol],
  [1, byNumber],
  [1, colorQuestion],
  [1, finderQuestion],
  [2, rankQuestion],
  [1, kindQuestion],
  [1, traitQuestion],
]

/** A question about one fact of an element. */
export const elementExchange = (dice: Dice, e: Element): Exchange =>
  dice.weighted(QUESTIONS)(dice, e, e.name.toLowerCase())
