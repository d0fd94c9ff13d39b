/** Answers that are taken from the question: fields as JSON, as lines, as a list; copies of words, also of unknown ones. */
import type { Dice } from './dice.ts'
import { anyElement } from './facts.ts'
import { anyName, inventedName, inventedWord } from './personas.ts'
import { rowsOf } from './subjects.ts'
import { plainSentence } from './talk.ts'
import { article, capitalised, enumerated } from './words.ts'
import { COUNTRIES, JOBS, KINDS } from './world-table.ts'

/** What a text says, field by field. */
interface Report {
  text: string
  fields: [key: string, value: string | number][]
}

const column = (table: string, at: number): string[] => rowsOf(table).map((row) => row[at] ?? '')
const CITIES = column(COUNTRIES, 1)
const JOB_NAMES = column(JOBS, 0)
const GOODS = rowsOf(KINDS)
  .filter(([kind]) => ['fruits', 'vegetables', 'tools', 'clothes', 'instruments'].includes(kind ?? ''))
  .flatMap(([, members]) => members?.split(',') ?? [])
const kinds = rowsOf(KINDS)
const COLORS = 'red blue green yellow black white brown gray'.split(' ')
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

const person = (dice: Dice) => (dice.chance(0.6) ? anyName(dice) : inventedName(dice))
const city = (dice: Dice) => (dice.chance(0.75) ? dice.pick(CITIES) : capitalised(inventedWord(dice)))
const goods = (dice: Dice) => (dice.chance(0.8) ? dice.pick(GOODS) : inventedWord(dice))
const upTo = (dice: Dice, most: number) => 1 + dice.below(most)
const time = (dice: Dice) => `${upTo(dice, 12)}:${dice.pick(['00', '15', '30', '45'])}`
const date = (dice: Dice) => `${upTo(dice, 28)} ${dice.pick(MONTHS)}`
const plural = (noun: string, count: number) => (count === 1 ? noun : `${noun}s`)

function introductionReport(dice: Dice): Report {
  const [name, age, home, job] = [person(dice), 18 + dice.below(70), city(dice), dice.pick(JOB_NAMES)]
  const text = dice.pick([
    `My name is ${name}, I am ${age} years old and I live in ${home}. I work as ${article(job)}.`,
    `${name} is ${article(job)} from ${home} who is ${age} years old.`,
    `${name}, ${age}, works as ${article(job)} in ${home}.`,
    `This is ${name} from ${home}, ${article(job)} of ${age} years.`,
  ])
  return {
    text,
    fields: [
      ['name', name],
      ['age', age],
      ['city', home],
      ['job', job],
    ],
  }
}

function orderReport(dice: Dice): Report {
  const [item, quantity, price] = [goods(dice), upTo(dice, 30), upTo(dice, 90)]
  const [name, home] = [person(dice), city(dice)]
  const things = plural(item, quantity)
  const text = dice.pick([
    `${name} from ${home} orders ${quantity} ${things} for ${price} dollars.`,
    `Please send ${quantity} ${things} to ${name} in ${home}. The price is ${price} dollars.`,
    `${quantity} ${things} for ${name}, ${home}, ${price} dollars`,
    `I am ${name} and I would like ${quantity} ${things}, sent to ${home}. I pay ${price} dollars.`,
  ])
  return {
    text,
    fields: [
      ['name', name],
      ['item', things],
      ['quantity', quantity],
      ['price', price],
      ['city', home],
    ],
  }
}

function meetingReport(dice: Dice): Report {
  const [who, day, at, place] = [person(dice), dice.pick(DAYS), time(dice), city(dice)]
  const text = dice.pick([
    `Meet ${who} on ${day} at ${at} in ${place}.`,
    `The meeting with ${who} is in ${place} on ${day} at ${at}.`,
    `On ${day} I see ${who} in ${place}, at ${at}.`,
    `${day}, ${at}: ${who} comes to ${place}.`,
  ])
  return {
    text,
    fields: [
      ['person', who],
      ['day', day],
      ['time', at],
      ['place', place],
    ],
  }
}

function journeyReport(dice: Dice): Report {
  const [from, to, day, by] = [
    city(dice),
    city(dice),
    date(dice),
    dice.pick(['train', 'bus', 'plane', 'ship']),
  ]
  const text = dice.pick([
    `I want to go from ${from} to ${to} by ${by} on ${day}.`,
    `Book a ${by} from ${from} to ${to} for ${day}.`,
    `The ${by} to ${to} leaves ${from} on ${day}.`,
  ])
  return {
    text,
    fields: [
      ['from', from],
      ['to', to],
      ['date', day],
      ['by', by],
    ],
  }
}

function goodsReport(dice: Dice): Report {
  const [item, color, price, shop] = [goods(dice), dice.pick(COLORS), upTo(dice, 99), city(dice)]
  const text = dice.pick([
    `The ${color} ${item} costs ${price} dollars in ${shop}.`,
    `In ${shop} I found a ${color} ${item} for ${price} dollars.`,
    `For sale: ${article(item)}, ${color}, ${price} dollars, ${shop}`,
  ])
  return {
    text,
    fields: [
      ['item', item],
      ['color', color],
      ['price', price],
      ['city', shop],
    ],
  }
}

function weatherReport(dice: Dice): Report {
  const [place, day, degrees] = [city(dice), dice.pick(DAYS), upTo(dice, 35)]
  const weather = dice.pick(['sunny', 'rainy', 'cloudy', 'windy', 'foggy'])
  const text = dice.pick([
    `On ${day} it will be ${weather} in ${place} at ${degrees} degrees.`,
    `${place} expects a ${weather} ${day} with ${degrees} degrees.`,
  ])
  return {
    text,
    fields: [
      ['city', place],
      ['day', day],
      ['weather', weather],
      ['temperature', degrees],
    ],
  }
}

function contactReport(dice: Dice): Report {
  const [name, host] = [person(dice), inventedWord(dice)]
  const email = `${name.toLowerCase()}@${host}.${dice.pick(['com', 'org', 'net'])}`
  const phone = `${100 + dice.below(900)}-${1000 + dice.below(9000)}`
  const text = dice.pick([
    `Write to ${name} at ${email} or call ${phone}.`,
    `${name}, ${email}, ${phone}`,
    `The phone of ${name} is ${phone} and the email is ${email}.`,
  ])
  return {
    text,
    fields: [
      ['name', name],
      ['email', email],
      ['phone', phone],
    ],
  }
}

function elementReport(dice: Dice): Report {
  const e = anyElement(dice)
  return {
    text: `${e.name} has the symbol ${e.symbol} and the number ${e.number}. It is in ${e.places[0]}.`,
    fields: [
      ['name', e.name],
      ['symbol', e.symbol],
      ['number', e.number],
      ['place', e.places[0] ?? ''],
    ],
  }
}

const anyReport = (dice: Dice): Report =>
  dice.pick([
    introductionReport,
    introductionReport,
    orderReport,
    orderReport,
    meetingReport,
    journeyReport,
    goodsReport,
    weatherReport,
    contactReport,
    elementReport,
  ])(dice)

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
