import type { Dice } from './dice.ts'
import { type Element, elements } from './facts.ts'
import { article, capitalised } from './words.ts'

/**
 * Lines of verse about an element. Each ends in a slot that the rhyme fills: `{so}` by an adjective, `{tail}` by what
 * follows a comma, `{with}` by what follows a statement. The fact stands before it, the slot says nothing.
 */
export type Slot = 'so' | 'tail' | 'with'

const lines = (text: string): string[] => text.trim().split('\n')

export const OPENINGS = lines(`
{name}, {a kind} so {so}
{name}, {a kind} so {so}
{name}, {a kind} so {so}
{name}, {a kind} that is {so}
{name} is {a kind} so {so}
{name}, the {kind} so {so}
{name}, oh {lower}, so {so}
{name}, so {so}
{name} is {so}
{name}, {a kind}, {tail}
{name}, number {number}, {tail}
{name} is {a kind}, {tail}
{name} is called {symbol}, {tail}
{name}, my friend, {tail}
{name} is {a kind} {with}
Here is {lower}, {a kind} {with}
{name} {trait}, {tail}
{name} {trait} {with}
This {kind} is {lower}, {tail}
`)

export const PLACES = lines(`
It's in {place}, {tail}
It is in {place}, {tail}
We find it in {place}, {tail}
You meet it in {place}, {tail}
You find it in {place}, {tail}
It works in {place}, {tail}
It is used in {place}, {tail}
In {place} it is used, {tail}
It helps us in {place}, {tail}
It hides in {place}, {tail}
Look for it in {place}, {tail}
It's there in {place}, {tail}
It is there in {place}, {tail}
You have it in {place}, {tail}
From {place} you know it, {tail}
For {place} we need it, {tail}
It's in {place} {with}
You find it in {place} {with}
We use it in {place} {with}
It sits in {place} {with}
It is there in {place} {with}
Look for it in {place} {with}
It is good in {place} {with}
There is some in {place} {with}
`)

export const MORE = lines(`
And in {place}, {tail}
In {place} as well, {tail}
In {place} too, {tail}
And also {place}, {tail}
And then in {place}, {tail}
Or maybe in {place}, {tail}
And {place} as well, {tail}
It's there in {place} too, {tail}
And it works in {place}, {tail}
And in {place} {with}
And also in {place} {with}
Or in {place} {with}
And it helps in {place} {with}
`)

export const FACTS = lines(`
Its symbol is {symbol}, {tail}
Its symbol is {symbol}, {tail}
We write it as {symbol}, {tail}
Its number is {number}, {tail}
It's element {number}, {tail}
It's {a category}, {tail}
It is a {state}, {tail}
It {trait}, {tail}
It {trait}, {tail}
It {trait}, {tail}
And it {trait}, {tail}
For it {trait}, {tail}
It {trait} {with}
It's good for {purpose}, {tail}
It's for {purpose}, {tail}
People use it for {purpose}, {tail}
People use it for {purpose} {with}
We need it for {purpose} {with}
It comes from {source}, {tail}
It comes from {source} {with}
It's the {rank}, {tail}
It's the {rank}, {tail}
It is the {rank}, {tail}
The {rank} in the crust, {tail}
The crust has it {rank}, {tail}
It's {color}, {tail}
Its look is {color}, {tail}
It was found by {finder}, {tail}
Found in {year}, {tail}
`)

export const slotOf = (line: string): Slot => {
  if (line.endsWith('{so}')) return 'so'
  return line.endsWith('{tail}') ? 'tail' : 'with'
}

/** What the slots of a line say of an element; a slot without a fact is missing. */
function factsFor(dice: Dice, e: Element, place: string): Map<string, string | null> {
  return new Map([
    ['{name}', e.name],
    ['{lower}', e.name.toLowerCase()],
    ['{kind}', e.kind],
    ['{a kind}', article(e.kind)],
    ['{a category}', article(e.category)],
    ['{symbol}', e.symbol],
    ['{number}', String(e.number)],
    ['{state}', e.state],
    ['{color}', e.color],
    ['{rank}', e.rank],
    ['{finder}', e.found?.by ?? null],
    ['{year}', e.found?.year ?? null],
    ['{source}', e.source],
    ['{place}', place],
    ['{trait}', dice.pick(e.traits)],
    ['{purpose}', dice.pick(e.purposes)],
  ])
}

/** The line about an element up to its last slot; null if it needs a fact that nobody knows. */
export function filledLine(dice: Dice, line: string, element: Element, place: string): string | null {
  const facts = factsFor(dice, element, place)
  let text = line.slice(0, line.lastIndexOf('{'))
  for (const [slot, fact] of facts) {
    if (!text.includes(slot)) continue
    if (fact === null) return null
    text = text.replaceAll(slot, fact)
  }
  return capitalised(text)
}

/** Facts that are written as plurals: "that are bright" can follow them. */
const plurals = new Set(
  elements.flatMap(({ places }) => places).filter((place) => /[^s]s$/.test(place) && place !== 'brass'),
)

/** Whether an adjunct fits behind a line: "that we hold" follows any thing, "that are bright" only several. */
export function followsWell(line: string, place: string, adjunct: string): boolean {
  if (line.endsWith('{a kind} {with}')) return /^that (?:we|you) /.test(adjunct)
  return !adjunct.startsWith('that ') || (line.endsWith('{place} {with}') && plurals.has(place))
}
