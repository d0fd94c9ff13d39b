/** Questions of general knowledge that belong to no subject, and sums. */
import type { Dice } from './dice.ts'
import type { Exchange } from './exchange.ts'
import { askAbout } from './prose.ts'
import { anySubject, deedExchange, descriptionOf, rowsOf } from './subjects.ts'
import { capitalised } from './words.ts'
import { FIGURES, KINDS, OPPOSITES, RECORDS, WAYS, WHYS } from './world-table.ts'

const rows = (table: string): string[][] => rowsOf(table).map((row) => row.map((field) => field ?? ''))

const [figures, records, whys, ways, kinds] = [FIGURES, RECORDS, WHYS, WAYS, KINDS].map(rows) as [
  string[][],
  string[][],
  string[][],
  string[][],
  string[][],
]
const opposites = OPPOSITES.split(',').map((pair) => pair.split(' '))

const NUMBERS = 'zero one two three four'.split(' ')

function figure(dice: Dice): Exchange {
  const [question = '', answer = '', short = ''] = dice.pick(figures)
  return { question, answer, short }
}

function record(dice: Dice): Exchange {
  const [what = '', is = ''] = dice.pick(records)
  return {
    question: dice.pick([`What is ${what}?`, `What is ${what}?`, `Which is ${what}?`, `Name ${what}`]),
    answer: dice.pick([`${capitalised(what)} is ${is}.`, `It is ${is}.`]),
    short: is,
  }
}

function why(dice: Dice): Exchange {
  const [what = '', because = ''] = dice.pick(whys)
  return {
    question: `Why ${what}?`,
    answer: dice.pick([`Because ${because}.`, `${capitalised(because)}.`]),
    short: null,
  }
}

function way(dice: Dice): Exchange {
  const [what = '', how = ''] = dice.pick(ways)
  return {
    question: dice.pick([`How do I ${what}?`, `How can I ${what}?`]),
    answer: dice.pick([`To ${what}, ${how}.`, `${capitalised(how)}.`]),
    short: null,
  }
}

function list(dice: Dice): Exchange {
  const [kind = '', members = ''] = dice.pick(kinds)
  const count = dice.pick([2, 3, 3, 4])
  const some = dice.some(members.split(','), count).join(', ')
  return { question: `Name ${NUMBERS[count]} ${kind}`, answer: `${capitalised(some)}.`, short: some }
}

function opposite(dice: Dice): Exchange {
  const [a = '', b = ''] = dice.some(dice.pick(opposites), 2)
  return { question: `What is the opposite of ${a}?`, answer: `The opposite of ${a} is ${b}.`, short: b }
}

function sum(dice: Dice): Exchange {
  const [a, b] = [dice.below(10), dice.below(10)]
  return dice.chance(0.6)
    ? { question: `What is ${a} plus ${b}?`, answer: `${a} plus ${b} is ${a + b}.`, short: String(a + b) }
    : { question: `What is ${a + b} minus ${b}?`, answer: `${a + b} minus ${b} is ${a}.`, short: String(a) }
}

function subject(dice: Dice): Exchange {
  const about = anySubject(dice)
  if (dice.chance(0.8)) return dice.pick(about.questions)
  return { question: askAbout(dice, about.title), answer: descriptionOf(dice, about), short: null }
}

/** A question with a fact in its answer. */
export const knowledge = (dice: Dice): Exchange =>
  dice.weighted([
    [11, subject],
    [4, figure],
    [3, record],
    [2, deedExchange],
    [1, why],
    [1, way],
    [1, list],
    [0.5, opposite],
    [0.7, sum],
  ] as const)(dice)
