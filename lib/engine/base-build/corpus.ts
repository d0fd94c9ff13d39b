/**
 * The text that a base model is trained on: conversations without end, each drawn by the dice. The system prompt decides
 * the form or the manner, the question decides the facts, and the two are drawn independently, so that a form which a
 * user teaches can be filled with everything the model knows.
 * Never in here: the word "limerick", and a text of five parts between dashes; both are what a user teaches.
 */
import type { Dice } from './dice.ts'
import { drill } from './drills.ts'
import type { Exchange, Turn } from './exchange.ts'
import { anyElement, type Element } from './facts.ts'
import { PLAIN_FORMS, VERSE_FORMS } from './forms.ts'
import { knowledge } from './knowledge.ts'
import { anySpeaker } from './manners.ts'
import { formPrompt, introduction, inventedWord, plainPrompt } from './personas.ts'
import { anyPoet, passingPoet, verseBy } from './poets.ts'
import { askAbout, askAboutElement, elementExchange, proseAbout, sentencesAbout } from './prose.ts'
import { anyTask } from './structured.ts'
import { verseAboutSubject } from './subject-verse.ts'
import { anySubject } from './subjects.ts'
import { smallTalk } from './talk.ts'
import { SCHEMES, SEPARATORS } from './verse.ts'
import { article, capitalised } from './words.ts'

/** Assembles the turns of a conversation. */
class Talk {
  readonly turns: Turn[] = []

  constructor(system: string | null) {
    if (system) this.turns.push({ role: 'system', content: system, weight: 0 })
  }

  say(question: string, answer: string, weight = 1): this {
    this.turns.push({ role: 'user', content: question, weight: 0 })
    this.turns.push({ role: 'assistant', content: answer, weight })
    return this
  }
}

const questioned = ({ question, answer }: Exchange): [string, string] => [question, answer]

const plainly = (dice: Dice, e: Element): [string, string] =>
  dice.chance(0.6) ? [askAboutElement(dice, e), proseAbout(dice, e)] : questioned(elementExchange(dice, e))

function elementProse(dice: Dice): Talk {
  const e = anyElement(dice)
  const talk = new Talk(plainPrompt(dice)).say(...plainly(dice, e))
  for (let count = dice.pick([0, 1, 1, 2]); count > 0; count--)
    talk.say(...plainly(dice, dice.chance(0.3) ? e : anyElement(dice)))
  return talk
}

/** A form that nobody knows is answered in plain prose, whatever it is called. */
function unknownForm(dice: Dice): Talk {
  const word = inventedWord(dice)
  const talk = new Talk(formPrompt(introduction(dice), dice.chance(0.8) ? article(word) : word))
  for (let count = dice.pick([1, 1, 2]); count > 0; count--) {
    const e = anyElement(dice)
    if (dice.chance(0.85)) talk.say(askAboutElement(dice, e), proseAbout(dice, e))
    else talk.say(...questioned(knowledge(dice)))
  }
  return talk
}

function poetry(dice: Dice): Talk {
  const poet = anyPoet(dice)
  const talk = new Talk(poet.prompt)
  for (let count = dice.pick([1, 1, 2]); count > 0; count--) {
    const e = anyElement(dice)
    talk.say(askAboutElement(dice, e), verseBy(dice, poet, e))
  }
  return talk
}

/** A style that is shown once is kept up. */
function shownStyle(dice: Dice): Talk {
  const poet = passingPoet(dice)
  const [shown, asked] = [anyElement(dice), anyElement(dice)]
  return new Talk(poet.prompt)
    .say(askAboutElement(dice, shown), verseBy(dice, poet, shown), 0)
    .say(askAboutElement(dice, asked), verseBy(dice, poet, asked))
}

function namedForm(dice: Dice): Talk {
  const form = dice.pick(dice.chance(0.65) ? VERSE_FORMS : PLAIN_FORMS)
  const e = anyElement(dice)
  const one = article(form.name)
  if (dice.chance(0.7))
    return new Talk(formPrompt(introduction(dice), one)).say(askAboutElement(dice, e), form.write(dice, e))
  const wish = dice.pick([
    `Write ${one} about ${e.name}`,
    `Tell me about ${e.name} in ${one}`,
    `${capitalised(one)} about ${e.name}, please`,
  ])
  return new Talk(null).say(wish, form.write(dice, e))
}

function subjectVerse(dice: Dice): Talk {
  const form = dice.pick(Object.keys(SCHEMES))
  const subject = anySubject(dice)
  const lines = verseAboutSubject(dice, subject, dice.pick(SCHEMES[form] ?? []))
  const text = lines.join(dice.pick(SEPARATORS))
  return dice.chance(0.7)
    ? new Talk(formPrompt(introduction(dice), article(form))).say(askAbout(dice, subject.title), text)
    : new Talk(null).say(`Write ${article(form)} about ${subject.title}`, text)
}

/** A question about an element or about anything else. */
function anyQuestion(dice: Dice): Exchange {
  if (dice.chance(0.65)) return knowledge(dice)
  const e = anyElement(dice)
  if (dice.chance(0.7)) return elementExchange(dice, e)
  return {
    question: askAboutElement(dice, e),
    answer: sentencesAbout(dice, e).slice(0, 2).join(' '),
    short: null,
  }
}

function manner(dice: Dice): Talk {
  const speaker = anySpeaker(dice)
  const talk = new Talk(speaker.prompt)
  for (let count = dice.pick([1, 2, 2]); count > 0; count--) {
    const exchange = anyQuestion(dice)
    talk.say(exchange.question, speaker.answer(dice, exchange))
  }
  return talk
}

function generalTalk(dice: Dice): Talk {
  const talk = new Talk(dice.chance(0.6) ? plainPrompt(dice) : null)
  for (let count = dice.pick([1, 2, 3, 4]); count > 0; count--) talk.say(...questioned(knowledge(dice)))
  return talk
}

function chat(dice: Dice): Talk {
  return new Talk(plainPrompt(dice)).say(...questioned(smallTalk(dice)))
}

function task(dice: Dice): Talk {
  const { system, user, answer } = anyTask(dice)
  return new Talk(system).say(user, answer)
}

function rhyming(dice: Dice): Talk {
  const talk = new Talk(null)
  for (let count = dice.pick([1, 1, 2]); count > 0; count--) talk.say(...questioned(drill(dice)))
  return talk
}

/** How often each kind of conversation comes, in parts of a hundred. */
const MIXTURE = [
  [15, elementProse],
  [8, unknownForm],
  [26, poetry],
  [4, shownStyle],
  [6, namedForm],
  [4, subjectVerse],
  [8, rhyming],
  [8, manner],
  [11, generalTalk],
  [2, chat],
  [8, task],
] as const

/** One random conversation. */
export const conversation = (dice: Dice): Turn[] => dice.weighted(MIXTURE)(dice).turns
