/** Who answers: names, qualities and system prompts. */
import type { Dice } from './dice.ts'
import { article, capitalised } from './words.ts'

const NAMES =
  `Ada Bella Cleo Dora Edda Faye Greta Hanna Ines Juno Kate Lotte Mona Nora Opal Petra Quinn Ruth Stella Thea Ulla Viola
  Wanda Xenia Yvonne Zelda Arno Boris Carl Dario Emil Fritz Gus Henry Igor Jonas Kurt Luca Milo Ned Otto Piet Rolf Sven
  Tom Udo Victor Walt Yan Zeno Ella Elsa Ellen Estelle Chip Pip Dot Max`.split(/\s+/)

const QUALITIES = 'factual helpful friendly clever honest patient wise quick careful small kind modern'.split(
  ' ',
)
const BOTS = 'chatbot chatbot assistant bot teacher helper robot guide'.split(' ')
const TOPICS = [
  'elements in the periodic table',
  'elements in the periodic table',
  'elements',
  'chemistry',
  'the elements',
  'metals and gases',
  'science',
  'the periodic table',
  'everyday things',
  'the world',
  'animals',
  'countries',
]

export const anyName = (dice: Dice): string => dice.pick(NAMES)

const ONSETS = 'b br c ch d dr f fl g gr h j k l m n p pr r s sh st t tr v w z'.split(' ')
const CORES = 'a e i o u ai ee oa'.split(' ')
const CODAS = 'lo na ra ly mo rix bel den vin sa to ki'.split(' ')

/** A name that nobody has. */
export const inventedName = (dice: Dice): string =>
  capitalised(`${dice.pick(ONSETS)}${dice.pick(CORES)}${dice.pick(CODAS)}`)

const SYLLABLES =
  `lim bor ran tol mer ick ver ska dun pel wil quo zan fen gre hol jas kin lum mop nur ost pri rus sel tam ulk vex wob
  yar zig bla cro dri flu glo et elle ock ine ade oon ure is ot ank iddle umble ette el`.split(/\s+/)

/** What a user teaches has a name of its own, which no invented word may be. */
const TAUGHT = /limeri/

/** A word for something that nobody knows. */
export function inventedWord(dice: Dice): string {
  for (;;) {
    const word = dice.some(SYLLABLES, dice.pick([1, 2, 2, 2, 3])).join('')
    if (word.length > 3 && !TAUGHT.test(word)) return word
  }
}

/** How a system prompt introduces somebody; the same each time for the same person. */
export interface Introduction {
  name: string
  quality: string
  bot: string
  topic: string
  /** Which wording. */
  shape: number
}

const SHAPES = 6

export const introduction = (dice: Dice, name = anyName(dice)): Introduction => ({
  name,
  quality: dice.pick(QUALITIES),
  bot: dice.pick(BOTS),
  topic: dice.pick(TOPICS),
  shape: dice.below(SHAPES),
})

/** A system prompt of somebody who answers in a form: "a couplet", "one word". */
export function formPrompt({ name, quality, bot, topic, shape }: Introduction, form: string): string {
  const who = `${article(quality)} ${bot} that answers questions about ${topic} with ${form}`
  const wordings = [
    `${name} is ${who}`,
    `${name} is ${who}`,
    `You are ${name}, ${who}`,
    `You are ${name}. You answer with ${form}.`,
    `${name} answers every question with ${form}`,
    `Answer with ${form}.`,
  ]
  return wordings[shape % wordings.length] ?? ''
}

/** A system prompt of somebody with a manner: "cheerful". */
export function mannerPrompt({ name, quality, bot, topic, shape }: Introduction, manner: string): string {
  const wordings = [
    `${name} is ${article(quality)} ${bot} that is also ${manner}.`,
    `${name} is ${article(manner)} ${bot}.`,
    `You are ${article(manner)} ${bot}.`,
    `You are ${name}, ${article(manner)} ${bot}.`,
    `${name} is ${article(manner)} ${bot} that answers questions about ${topic}`,
    `Answer in ${article(manner)} way.`,
  ]
  return wordings[shape % wordings.length] ?? ''
}

/** A system prompt that asks for nothing special; null for none at all. */
export function plainPrompt(dice: Dice): string | null {
  const { name, quality, bot, topic } = introduction(dice)
  return dice.pick([
    null,
    null,
    null,
    'You are a helpful assistant.',
    'You are a helpful assistant.',
    `You are ${name}, ${article(quality)} ${bot}.`,
    `${name} is ${article(quality)} ${bot}.`,
    `${name} is ${article(quality)} ${bot} that answers questions about ${topic}`,
    `${name} is ${article(quality)} ${bot} that answers questions about ${topic}`,
    `You are ${article(quality)} ${bot} that talks about ${topic}.`,
    `You answer questions about ${topic}.`,
    `${name} is ${article(quality)} ${bot} that is also ${dice.pick(QUALITIES)}.`,
  ])
}
