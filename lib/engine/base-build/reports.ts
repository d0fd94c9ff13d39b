/** Short texts of everyday life with the fields that can be taken out of them; some of the words are invented. */
import type { Dice } from './dice.ts'
import { anyElement } from './facts.ts'
import { anyName, inventedName, inventedWord } from './personas.ts'
import { rowsOf } from './subjects.ts'
import { article, capitalised } from './words.ts'
import { COUNTRIES, JOBS, KINDS } from './world-table.ts'

/** What a text says, field by field. */
export interface Report {
  text: string
  fields: [key: string, value: string | number][]
}

const column = (table: string, at: number): string[] => rowsOf(table).map((row) => row[at] ?? '')
const CITIES = column(COUNTRIES, 1)
const JOB_NAMES = column(JOBS, 0)
const GOODS = rowsOf(KINDS)
  .filter(([kind]) => ['fruits', 'vegetables', 'tools', 'clothes', 'instruments'].includes(kind ?? ''))
  .flatMap(([, members]) => members?.split(',') ?? [])
const COLORS = 'red blue green yellow black white brown gray'.split(' ')
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

export const person = (dice: Dice) => (dice.chance(0.6) ? anyName(dice) : inventedName(dice))
const city = (dice: Dice) => (dice.chance(0.75) ? dice.pick(CITIES) : capitalised(inventedWord(dice)))
/** A thing that is bought, now and then one that nobody knows. */
export const goods = (dice: Dice) => (dice.chance(0.8) ? dice.pick(GOODS) : inventedWord(dice))
/** From 1 on. */
export const upTo = (dice: Dice, most: number) => 1 + dice.below(most)
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

/** A short text of everyday life, and its fields. */
export const anyReport = (dice: Dice): Report =>
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
