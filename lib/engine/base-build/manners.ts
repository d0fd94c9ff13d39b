/** Manners of answering: a tone dresses any answer and leaves its fact as it is. */
import { createDice, type Dice } from './dice.ts'
import type { Exchange } from './exchange.ts'
import { introduction, inventedName, inventedWord, mannerPrompt } from './personas.ts'
import { capitalised } from './words.ts'

/** Remarks before and after an answer, by tone. */
interface Tone {
  name: string
  before: string[]
  after: string[]
}

const TABLE = `
cheerful|Great question!;Oh, I love this one!;Hooray!;What fun!|Is that not wonderful?;Ask me more!;What a lovely thing to know!;Now I am happy.
grumpy|Fine.;Not again.;If you must know:;Sigh.|Happy now?;Now let me sleep.;Everybody knows that.;Go and read a book.
polite|With pleasure.;Thank you for asking.;Certainly, my friend.;If I may:|I hope that helps.;Please ask again.;At your service.;Have a pleasant day.
pirate|Arr!;Ahoy, sailor!;Shiver my timbers!;Aye, aye!|Yo ho ho!;Now back to the ship!;Says the captain.;Or walk the plank!
mechanical|BEEP.;Computing.;Answer found.;Input accepted.|Done.;End of message.;Next question.;Beep beep.
shy|Um, I think so:;I am not sure, but:;Sorry to say it:;Well, maybe:|But please ask someone else, too.;I hope that is right.;Please do not laugh.;If you do not mind.
proud|Naturally I know this.;I have the answer.;Listen to me.;Of course I know it.|I am never wrong.;Nobody knows it better.;You may clap now.;I knew it first.
dreamy|Ah, the stars.;In my dreams:;Close your eyes.;The wind told me:|Is life not like a river?;And the clouds go by.;So sings the sea.;How far it seems.
bored|Yawn.;Again that one.;If I have to.;Let me see.|Whatever.;Can we stop now?;Wake me up later.;How very exciting.
strict|Listen well.;Sit down.;Pay attention.;Pencils out.|Please write that down.;This will be in the test.;No more questions.;Learn it by heart.
brave|Fear not!;Onward!;I am ready.;By my sword!|Now to the next battle!;And victory is ours.;Never give up.;So it shall be.
royal|Hear ye!;We declare:;Bow, and hear:;By our crown:|So says the king.;You may leave.;It is our will.;Long live the queen.
secretive|Psst.;Keep it quiet:;Come closer.;Do not tell anyone:|You did not hear it from me.;Now forget it.;Burn this note.;It stays between us.
hungry|Before lunch:;With a full mouth:;Mmm.;After this bite:|Now where is my soup?;Is there any cake?;I could eat a horse.;Pass the bread, please.
poetic|My friend, hear this:;Sweet question.;Let me sing it.;Softly I say:|So flows the river.;And the rose is red.;As gentle as rain.;Thus ends my song.
surprised|Oh my!;Really?;Goodness!;No way!|Who would have thought?;I can hardly believe it.;Imagine that!;What a thing!
tired|So late already.;One last answer.;My eyes close.;Let me sit down.|Good night.;Now I rest.;Wake me tomorrow.;I need some tea.
scientific|The data say:;By observation:;Evidence shows:;We measured it.|Further study is needed.;The result is clear.;See the table.;This was tested twice.
`
const TONES: readonly Tone[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [name = '', before = '', after = ''] = line.split('|')
    return { name, before: before.split(';'), after: after.split(';') }
  })

/** Puts remarks around a fact. */
type Dress = (fact: Exchange & { short: string }, remark: string) => string

/** The bare fact with a remark: what a style of few words does. */
const SHORT: readonly Dress[] = [
  ({ short }, remark) => `${capitalised(short)}. ${remark}`,
  ({ short }) => `${capitalised(short)}.`,
  ({ short }) => capitalised(short),
  ({ short }, remark) => `${remark} ${capitalised(short)}.`,
  ({ short }) => `That would be ${short}.`,
  ({ short }, remark) => `That would be ${short}. ${remark}`,
  ({ short }) => `It is ${short}, as everybody says.`,
  ({ short }) => `Oh, ${short}, of course.`,
  ({ short }, remark) => `Oh, ${short}. ${remark}`,
  ({ short }) => `Just ${short}, if you like.`,
  ({ short }) => `${capitalised(short)}, what else?`,
  ({ short }) => `${capitalised(short)}, my dear.`,
  ({ short }) => `${capitalised(short)}, as my uncle knew.`,
  ({ short }) => `I say ${short}, and I mean it.`,
  ({ short }) => `Well, well: ${short}!`,
]

const LONG: readonly Dress[] = [
  ({ answer }, remark) => `${answer} ${remark}`,
  ({ answer }, remark) => `${remark} ${answer}`,
]

/** Somebody with a manner of speaking. */
export interface Speaker {
  prompt: string
  answer(dice: Dice, exchange: Exchange): string
}

const isShort = (exchange: Exchange): exchange is Exchange & { short: string } => exchange.short !== null

function dressed(dice: Dice, exchange: Exchange, tone: Tone, short: readonly Dress[]): string {
  const remarkFirst = dice.chance(0.5)
  const remark = dice.pick(remarkFirst ? tone.before : tone.after)
  if (isShort(exchange) && short.length > 0) {
    const dress = dice.pick(short)
    return dress(exchange, dice.pick(tone.after))
  }
  return (LONG[remarkFirst ? 1 : 0] as Dress)({ ...exchange, short: '' }, remark)
}

/** Somebody whose tone the system prompt names. */
function tonedSpeaker(dice: Dice): Speaker {
  const tone = dice.pick(TONES)
  return {
    prompt: mannerPrompt(introduction(dice), tone.name),
    answer: (own, exchange) => dressed(own, exchange, tone, []),
  }
}

const COUNT = 240
const SEED = 9000

/** Somebody with a name and habits of their own: a few remarks, and few or many words. */
function character(index: number): Speaker {
  const dice = createDice(SEED + index)
  const tones = dice.some(TONES, 2)
  const all = (side: 'before' | 'after') => tones.flatMap((tone) => tone[side])
  const tone = { name: '', before: dice.some(all('before'), 2), after: dice.some(all('after'), 3) }
  const dresses = dice.chance(0.75) ? dice.some(SHORT, dice.pick([1, 2, 4])) : []
  return {
    prompt: mannerPrompt(
      { ...introduction(dice, inventedName(dice)), shape: dice.pick([0, 1, 3, 4]) },
      inventedWord(dice),
    ),
    answer: (own, exchange) => dressed(own, exchange, tone, dresses),
  }
}
const CHARACTERS: readonly Speaker[] = Array.from({ length: COUNT }, (_, index) => character(index))

/** Answers with the bare fact. */
function terseSpeaker(dice: Dice): Speaker {
  const prompt = dice.pick([
    'Answer as short as possible.',
    'Give only the answer, nothing else.',
    'You answer in a few words.',
    'Answer in one word if you can.',
  ])
  return { prompt, answer: (_dice, { short, answer }) => (short === null ? answer : capitalised(short)) }
}

/** A manner that nobody knows is answered plainly: it is what a user teaches. */
function unknownSpeaker(dice: Dice): Speaker {
  const prompt = mannerPrompt(introduction(dice), inventedWord(dice))
  return { prompt, answer: (_dice, { answer }) => answer }
}

export const anySpeaker = (dice: Dice): Speaker =>
  dice.weighted([
    [3, tonedSpeaker],
    [4, () => dice.pick(CHARACTERS)],
    [1, terseSpeaker],
    [2.5, unknownSpeaker],
  ] as const)(dice)
