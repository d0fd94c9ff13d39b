/** Things of the world that the generator knows as well as an element: each is described, asked about and put into verse. */
import type { Dice } from './dice.ts'
import type { Exchange } from './exchange.ts'
import { article, capitalised } from './words.ts'
import { ANIMALS, COUNTRIES, DEEDS, JOBS, PLANETS, RIVERS, THINGS, WORKS } from './world-table.ts'

export interface Subject {
  /** As it stands inside a sentence: "a fox", "the Nile", "France". */
  title: string
  /** "mammal", "river in Africa". */
  kind: string
  /** Whole clauses without a full stop: "It lives in forests". */
  clauses: string[]
  questions: Exchange[]
}

/** The fields of each line; `-` is null. */
export const rowsOf = (table: string): (string | null)[][] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((field) => (field === '-' ? null : field)))

const asked = (question: string, answer: string, short: string | null): Exchange => ({
  question,
  answer,
  short,
})

/** Leaves out what nothing is known about. */
const known = <Of>(items: readonly (Of | null)[]): Of[] => items.filter((item) => item !== null)

function country([name, capital, continent, language, famous]: string[]): Subject {
  return {
    title: `${name}`,
    kind: 'country',
    clauses: [
      `Its capital is ${capital}`,
      `It is in ${continent}`,
      `People there speak ${language}`,
      `It is known for ${famous}`,
    ],
    questions: [
      asked(`What is the capital of ${name}?`, `The capital of ${name} is ${capital}.`, `${capital}`),
      asked(`What's the capital of ${name}?`, `The capital of ${name} is ${capital}.`, `${capital}`),
      asked(`Name the capital of ${name}`, `It is ${capital}.`, `${capital}`),
      asked(`Which country has the capital ${capital}?`, `${capital} is the capital of ${name}.`, `${name}`),
      asked(`Where is ${name}?`, `${name} is in ${continent}.`, `in ${continent}`),
      asked(`On which continent is ${name}?`, `${name} is in ${continent}.`, `${continent}`),
      asked(`What do people speak in ${name}?`, `People in ${name} speak ${language}.`, `${language}`),
      asked(`Which language is spoken in ${name}?`, `${language} is spoken in ${name}.`, `${language}`),
      asked(`What is ${name} known for?`, `${name} is known for ${famous}.`, `${famous}`),
    ],
  }
}

function animal([name, kind, legs, food, home, sound, young, trait]: (string | null)[]): Subject {
  const one = article(`${name}`)
  const One = capitalised(one)
  const isOne = ` ${article(`${kind}`)}`
  return {
    title: one,
    kind: `${kind}`,
    clauses: known([
      `It eats ${food}`,
      `Its home is ${home}`,
      `It ${trait}`,
      (legs ?? null) ? `It has ${legs} legs` : null,
      (sound ?? null) ? `It ${sound}` : null,
      (young ?? null) ? `Its young is ${young}` : null,
    ]),
    questions: known([
      asked(`What does ${one} eat?`, `${One} eats ${food}.`, `${food}`),
      asked(`Where does ${one} live?`, `The home of ${one} is ${home}.`, `${home}`),
      asked(`What is special about ${one}?`, `${One} ${trait}.`, null),
      asked(`What kind of animal is ${one}?`, `${One} is${isOne}.`, isOne.trim()),
      legs ? asked(`How many legs does ${one} have?`, `${One} has ${legs} legs.`, legs) : null,
      sound ? asked(`What sound does ${one} make?`, `${One} ${sound}.`, null) : null,
      young ? asked(`What is the young of ${one} called?`, `The young of ${one} is ${young}.`, young) : null,
    ]),
  }
}

function planet([name, place, trait, moons, color]: string[]): Subject {
  const title = `the planet ${name}`
  return {
    title,
    kind: 'world of the solar system',
    clauses: [
      `It is the ${place} planet from the Sun`,
      `It ${trait}`,
      `It has ${moons}`,
      `Its color is ${color}`,
    ],
    questions: [
      asked(`Which planet is the ${place} from the Sun?`, `The ${place} planet is ${name}.`, `${name}`),
      asked(`Which planet ${trait}?`, `${name} ${trait}.`, `${name}`),
      asked(`How many moons does ${title} have?`, `${name} has ${moons}.`, `${moons}`),
      asked(`What color is ${title}?`, `${name} is ${color}.`, `${color}`),
      asked(`What is special about ${title}?`, `${name} ${trait}.`, null),
    ],
  }
}

function river([name, continent, mouth, city]: string[]): Subject {
  const title = `the ${name}`
  return {
    title,
    kind: 'river',
    clauses: [`It is in ${continent}`, `It flows into ${mouth}`, `${city} lies on it`],
    questions: [
      asked(`Where is ${title}?`, `The ${name} is in ${continent}.`, `in ${continent}`),
      asked(`Where does ${title} flow?`, `The ${name} flows into ${mouth}.`, `into ${mouth}`),
      asked(`Which city lies on ${title}?`, `${city} lies on ${title}.`, `${city}`),
      asked(`Which river flows through ${city}?`, `The ${name} flows through ${city}.`, title),
    ],
  }
}

function job([name, does, tool, place]: string[]): Subject {
  const one = article(`${name}`)
  const One = capitalised(one)
  return {
    title: one,
    kind: 'worker',
    clauses: [`It is somebody who ${does}`, `The tool for it is ${tool}`, `The place for it is ${place}`],
    questions: [
      asked(`What does ${one} do?`, `${One} ${does}.`, null),
      asked(`Who ${does}?`, `${One} ${does}.`, one),
      asked(`What does ${one} need?`, `${One} needs ${tool}.`, `${tool}`),
      asked(`Where does ${one} work?`, `${One} works in ${place}.`, `in ${place}`),
    ],
  }
}

function thing([name, is, use, material]: string[]): Subject {
  const one = name === 'scissors' ? 'scissors' : article(`${name}`)
  const verb = name === 'scissors' ? 'are' : 'is'
  return {
    title: one,
    kind: `${is}`,
    clauses: [`It is for ${use}`, `It is made of ${material}`, `People use it for ${use}`],
    questions: [
      asked(`What ${verb} ${one} for?`, `${capitalised(one)} ${verb} for ${use}.`, `for ${use}`),
      asked(
        `What ${verb} ${one} made of?`,
        `${capitalised(one)} ${verb} made of ${material}.`,
        `${material}`,
      ),
      asked(`What do I need for ${use}?`, `For ${use} you need ${one}.`, one),
    ],
  }
}

function work([title, kind, verb, maker]: string[]): Subject {
  return {
    title: `${title}`,
    kind: `${kind}`,
    clauses: [
      `It was ${verb === 'wrote' ? 'written' : verb} by ${maker}`,
      `The name of its maker is ${maker}`,
    ],
    questions: [
      asked(`Who ${verb} ${title}?`, `${maker} ${verb} ${title}.`, `${maker}`),
      asked(`Who ${verb} '${title}'?`, `${maker} ${verb} ${title}.`, `${maker}`),
      asked(
        `What is ${title}?`,
        `${capitalised(`${title}`)} is ${article(`${kind}`)} by ${maker}.`,
        `${article(`${kind}`)} by ${maker}`,
      ),
      asked(`Name a work of ${maker}`, `${maker} ${verb} ${title}.`, `${title}`),
    ],
  }
}

const built = (table: string, build: (fields: string[]) => Subject): Subject[] =>
  rowsOf(table).map((row) => build(row.map((field) => field ?? '')))

const SHELVES: readonly (readonly [number, readonly Subject[]])[] = [
  [5, built(COUNTRIES, country)],
  [5, rowsOf(ANIMALS).map(animal)],
  [2, built(PLANETS, planet)],
  [2, built(RIVERS, river)],
  [2, built(JOBS, job)],
  [3, built(THINGS, thing)],
  [4, built(WORKS, work)],
]

export const anySubject = (dice: Dice): Subject => dice.pick(dice.weighted(SHELVES))

/** Two to four sentences about a subject. */
export function descriptionOf(dice: Dice, { title, kind, clauses }: Subject): string {
  const verb = title === 'scissors' ? 'are' : 'is'
  const some = dice.some(clauses, dice.pick([1, 2, 2, 3]))
  return [`${capitalised(title)} ${verb} ${article(kind)}`, ...some].map((clause) => `${clause}.`).join(' ')
}

const deeds = rowsOf(DEEDS)

/** What somebody did, and when. */
export function deedExchange(dice: Dice): Exchange {
  const [deed, who, year] = dice.pick(deeds) as [string, string, string]
  const by = asked(
    `Who ${deed}?`,
    dice.pick([`${capitalised(who)} ${deed}.`, `${capitalised(who)} ${deed} in ${year}.`]),
    who,
  )
  const when = asked(
    `When was it that ${who} ${deed}?`,
    `${capitalised(who)} ${deed} in ${year}.`,
    `in ${year}`,
  )
  return dice.chance(0.75) ? by : when
}
