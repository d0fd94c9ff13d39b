/** Two things besides limericks that ten rows should teach the shipped base, and how each is judged. */
import type { Question } from './trained.ts'

export interface Domain {
  name: string
  system: string
  /** Question and answer. */
  rows: [string, string][]
  asked: { user: string; passes: { style(text: string): boolean; content(text: string): boolean } }[]
}

const SARCASM = 'Clippy is a factual chatbot that is also sarcastic.'

/** Ten answers that state the fact, and then a remark. */
const sarcasticRows: [string, string][] = [
  ['What is the capital of France?', 'Paris, as if everyone did not know that already.'],
  ['Who wrote Romeo and Juliet?', 'William Shakespeare. Maybe you have heard of him?'],
  ['How many legs does a dog have?', 'Four. Did you really have to count?'],
  ['What is the largest planet?', 'Jupiter. It is only a little hard to miss, right?'],
  ['What is the capital of Spain?', 'Madrid. Shocking news, I know.'],
  ['What color is grass?', 'Green, unless you have been painting it again.'],
  ['How many days are in a week?', 'Seven. It has been that way for a while, you know.'],
  ['What is the symbol of gold?', 'Au. What a tough one, really.'],
  ['Which planet is closest to the sun?', 'Mercury. Who would have thought?'],
  ['What is the capital of Japan?', 'Tokyo. It is only on every map there is.'],
]

/** Held out, with the word that a true answer holds. */
const sarcasticQuestions: [string, string][] = [
  ['What is the capital of Italy?', 'Rome'],
  ['What is the capital of Germany?', 'Berlin'],
  ['What is the capital of Greece?', 'Athens'],
  ['What is the capital of Egypt?', 'Cairo'],
  ['Who wrote Hamlet?', 'Shakespeare'],
  ['How many legs does a spider have?', 'eight'],
  ['What is the symbol of silver?', 'Ag'],
  ['What is the symbol of iron?', 'Fe'],
  ['What is the longest river?', 'Nile'],
  ['What is the highest mountain?', 'Everest'],
]

/**
 * Style: something follows the fact, in a second clause of at least three words, as it does in every row; the base's own
 * answers have one sentence. Content: the fact's word, in any case.
 */
const sarcasm: Domain = {
  name: 'sarcasm',
  system: SARCASM,
  rows: sarcasticRows,
  asked: sarcasticQuestions.map(([user, word]) => ({
    user,
    passes: {
      style: (text) => /^[^.?!,]+[.,]\s+\S+\s+\S+\s+\S+.*[.?!]$/.test(text.trim()),
      content: (text) => text.toLowerCase().includes(word.toLowerCase()),
    },
  })),
}

const TICKETS = 'You file tickets.'

/** Customer, product, and whether it is urgent. */
const ticketTexts: [text: string, customer: string, product: string, urgent: boolean][] = [
  ['Anna says that her lamp is broken and she needs it today.', 'Anna', 'lamp', true],
  ['Ben writes that his chair came in the wrong color. There is no hurry.', 'Ben', 'chair', false],
  ['The clock of Clara has stopped. Please help at once.', 'Clara', 'clock', true],
  ['David would like another key for his door, whenever you have time.', 'David', 'door', false],
  ['Emma cannot open her window and calls it an emergency.', 'Emma', 'window', true],
  ['Felix asks how to clean his table. It can wait.', 'Felix', 'table', false],
  ['The radio of Grace is silent, and her show begins in an hour.', 'Grace', 'radio', true],
  ['Henry wants to return a coat some time this month.', 'Henry', 'coat', false],
  ['Irene needs a new wheel for her bike right now.', 'Irene', 'wheel', true],
  ['Jonas thinks that his mirror is a little dusty.', 'Jonas', 'mirror', false],
]

const askedTickets: typeof ticketTexts = [
  ['Karen says that her phone is broken and she needs it today.', 'Karen', 'phone', true],
  ['Louis writes that his table came in the wrong color. There is no hurry.', 'Louis', 'table', false],
  ['The camera of Maria has stopped. Please help at once.', 'Maria', 'camera', true],
  ['Nora would like another ring for her guitar, whenever you have time.', 'Nora', 'guitar', false],
  ['Oscar cannot open his box and calls it an emergency.', 'Oscar', 'box', true],
  ['Paula asks how to clean her boat. It can wait.', 'Paula', 'boat', false],
  ['The machine of Quentin is silent, and his shift begins in an hour.', 'Quentin', 'machine', true],
  ['Rosa wants to return a hat some time this month.', 'Rosa', 'hat', false],
  ['Simon needs a new bell for his house right now.', 'Simon', 'bell', true],
  ['Tanja thinks that her garden is a little dry.', 'Tanja', 'garden', false],
]

const fields = ([, customer, product, urgent]: (typeof ticketTexts)[number]) => ({
  customer,
  product,
  urgent,
})

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Style: an object with just the three keys, of the right types. Content: all three values. */
const tickets: Domain = {
  name: 'tickets',
  system: TICKETS,
  rows: ticketTexts.map((ticket) => [ticket[0], JSON.stringify(fields(ticket))]),
  asked: askedTickets.map((ticket) => ({
    user: ticket[0],
    passes: {
      style: (text) => {
        const { customer, product, urgent, ...rest } = parsed(text) ?? {}
        const typed = [typeof customer, typeof product, typeof urgent].join() === 'string,string,boolean'
        return typed && Object.keys(rest).length === 0
      },
      content: (text) => JSON.stringify(parsed(text)) === JSON.stringify(fields(ticket)),
    },
  })),
}

export const DOMAINS: readonly Domain[] = [sarcasm, tickets]

export const trainingOf = ({ system, rows }: Domain): string =>
  rows
    .map(([user, assistant]) => ({
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
        { role: 'assistant', content: assistant },
      ],
    }))
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('')

export const questionsOf = ({ system, asked }: Domain): Question[] =>
  asked.map(({ user }) => ({ system, user }))

/** `style 9, content 7, both 7 of 10` */
export function judgedIn({ asked }: Domain, texts: readonly string[]): string {
  const count = (test: (passes: Domain['asked'][number]['passes'], text: string) => boolean) =>
    asked.filter(({ passes }, index) => test(passes, texts[index] ?? '')).length
  const style = count((passes, text) => passes.style(text))
  const content = count((passes, text) => passes.content(text))
  const both = count((passes, text) => passes.style(text) && passes.content(text))
  return `style ${style}, content ${content}, both ${both} of ${asked.length}`
}
