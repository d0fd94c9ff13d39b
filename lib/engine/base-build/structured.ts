/** Answers that are taken from the question: fields as JSON, as lines, as a list; copies of words, also of unknown ones. */
import type { Dice } from './dice.ts'
import { inventedWord } from './personas.ts'
import { anyReport, goods, person, type Report, upTo } from './reports.ts'
import { rowsOf } from './subjects.ts'
import { plainSentence } from './talk.ts'
import { enumerated } from './words.ts'
import { KINDS } from './world-table.ts'

const kinds = rowsOf(KINDS)

type Fields = Report['fields']

/** `{"a": 1}`, as most programs write it. */
const spacedJson = (fields: Fields): string =>
  `{${fields.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(', ')}}`

interface Format {
  names: string[]
  write(fields: Fields): string
}

const FORMATS: readonly (readonly [number, Format])[] = [
  [4, { names: ['JSON', 'a JSON object'], write: spacedJson }],
  [3, { names: ['JSON', 'compact JSON'], write: (fields) => JSON.stringify(Object.fromEntries(fields)) }],
  [
    1,
    {
      names: ['lines', 'key and value'],
      write: (fields) => fields.map((field) => field.join(': ')).join('\n'),
    },
  ],
  [
    1,
    { names: ['one line', 'a line'], write: (fields) => fields.map((field) => field.join('=')).join('; ') },
  ],
]

export interface Task {
  system: string | null
  user: string
  answer: string
}

const EXTRACT = ['Extract', 'Give me', 'Find', 'Return', 'Take out', 'List']

/** Fields of a text in a format; the instruction stands before the text, after it or in the system prompt. */
function extraction(dice: Dice): Task {
  const { text, fields } = anyReport(dice)
  const count = dice.pick([1, 2, 3, 4, 5])
  const chosen = dice.some(fields, count)
  const wanted = dice.chance(0.5) ? fields.filter((field) => chosen.includes(field)) : chosen
  const format = dice.weighted(FORMATS)
  const keys = enumerated(wanted.map(([key]) => key))
  const order = `${dice.pick(EXTRACT)} ${keys} as ${dice.pick(format.names)}`
  const answer = format.write(wanted)
  return dice.pick<Task>([
    { system: `${order}.`, user: text, answer },
    { system: `${order}.`, user: text, answer },
    { system: `You are a program. ${order} from the text.`, user: text, answer },
    { system: null, user: `${order}: ${text}`, answer },
    { system: null, user: `${text}\n${order}.`, answer },
    { system: null, user: `Text: ${text} ${order}.`, answer },
  ])
}

/** One field, asked for in words. */
function fieldQuestion(dice: Dice): Task {
  const { text, fields } = anyReport(dice)
  const [key, value] = dice.pick(fields)
  const user = dice.pick([
    `${text} What is the ${key}?`,
    `${text}\nWhat is the ${key}?`,
    `Which ${key}? ${text}`,
  ])
  return { system: null, user, answer: dice.pick([`${value}`, `The ${key} is ${value}.`]) }
}

/** Several things of a kind in a sentence. */
function listing(dice: Dice): Task {
  const [kind = '', members = ''] = dice.pick(kinds) as [string, string]
  const some = dice.some(members.split(','), dice.pick([2, 3, 4]))
  const text = dice.pick([
    `I saw ${enumerated(some)} today.`,
    `We talked about ${enumerated(some)}.`,
    `There are ${enumerated(some)} in the picture.`,
  ])
  const order = dice.pick([`List the ${kind}`, `Which ${kind} are named`, `Name all ${kind}`])
  const answer = dice.pick([
    some.join(', '),
    JSON.stringify(some),
    some.join('\n'),
    `["${some.join('", "')}"]`,
  ])
  return {
    system: answer.startsWith('[') ? 'Answer with a JSON array.' : null,
    user: `${order}: ${text}`,
    answer,
  }
}

/** The same words again, changed a little or not at all. */
function copy(dice: Dice): Task {
  const words = Array.from({ length: upTo(dice, 4) }, () => dice.pick([goods, person, inventedWord])(dice))
  const text = dice.chance(0.5) ? words.join(' ') : plainSentence(dice).text
  const [first = '', ...rest] = text.split(' ')
  return dice.pick<Task>([
    { system: null, user: `Repeat: ${text}`, answer: text },
    { system: null, user: `Say "${text}"`, answer: text },
    { system: 'Repeat what the user says.', user: text, answer: text },
    { system: null, user: `What is the first word of "${text}"?`, answer: first },
    { system: null, user: `What is the last word of "${text}"?`, answer: rest.at(-1) ?? first },
    { system: null, user: `Put quotation marks around ${text}`, answer: `"${text}"` },
    { system: null, user: `In capital letters: ${first}`, answer: first.toUpperCase() },
  ])
}

const LIKES = 'lovely wonderful perfect useful easy pretty'.split(' ')
const DISLIKES = 'terrible broken dirty useless boring ugly'.split(' ')

/** Whether somebody likes a thing. */
function label(dice: Dice): Task {
  const [likes, item] = [dice.chance(0.5), goods(dice)]
  const quality = dice.pick(likes ? LIKES : DISLIKES)
  const text = dice.pick([
    `The ${item} is ${quality}.`,
    `What a ${quality} ${item}!`,
    `I got a ${quality} ${item}.`,
  ])
  const answer = likes ? 'positive' : 'negative'
  return dice.pick<Task>([
    { system: 'Answer positive or negative.', user: text, answer },
    { system: null, user: `Is this positive or negative? ${text}`, answer },
    { system: null, user: `Label as JSON: ${text}`, answer: `{"label": "${answer}"}` },
  ])
}

export const anyTask = (dice: Dice): Task =>
  dice.weighted([
    [6, extraction],
    [1.5, fieldQuestion],
    [1.5, listing],
    [1.5, copy],
    [0.7, label],
  ] as const)(dice)
