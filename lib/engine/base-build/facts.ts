import type { Dice } from './dice.ts'
import { CRUST, ELEMENT_TABLE } from './element-table.ts'
import { ordinal, wordsOf } from './words.ts'

/** What the generator knows of a chemical element. */
export interface Element {
  name: string
  symbol: string
  number: number
  category: string
  /** What a verse calls it: "metal", "noble gas". */
  kind: string
  /** At room temperature; null where nobody has seen enough of it. */
  state: string | null
  color: string | null
  /** "It is in …" */
  places: string[]
  /** "It is used for …" */
  purposes: string[]
  /** "It …" */
  traits: string[]
  /** "It comes from …" */
  source: string
  /** Null for what has always been known. */
  found: { by: string; year: string } | null
  /** Place in the Earth's crust by share: "most common", "ninth most common"; null if there is hardly any. */
  rank: string | null
}

function kindOf(category: string, state: string): string {
  if (category === 'noble gas' || category === 'metalloid') return category
  if (category === 'halogen' || category === 'non-metal') return state === 'gas' ? 'gas' : category
  return 'metal'
}

/** Symbol → number of elements that are more common, plus one. */
const crustPlaces = new Map<string, number>()
for (const group of CRUST.split(' ')) {
  const place = crustPlaces.size + 1
  for (const symbol of group.split('=')) crustPlaces.set(symbol, place)
}

function rankOf(symbol: string): string | null {
  const place = crustPlaces.get(symbol)
  if (place === undefined) return null
  return place === 1 ? 'most common' : `${ordinal(place)} most common`
}

const known = (text: string): string | null => (text === 'unknown' ? null : text)

function parseElement(line: string, index: number): Element {
  const [name = '', symbol = '', category = '', state = '', color = '', ...rest] = line.split('|')
  const [places = '', purposes = '', traits = '', source = '', found = ''] = rest
  const [by = '', year = ''] = found.split(',')
  return {
    name,
    symbol,
    number: index + 1,
    category,
    kind: kindOf(category, state),
    state: known(state),
    color: known(color),
    places: places.split(','),
    purposes: purposes.split(','),
    traits: traits.split(','),
    source,
    found: found === '-' ? null : { by, year },
    rank: rankOf(symbol),
  }
}

export const elements: readonly Element[] = ELEMENT_TABLE.trim().split('\n').map(parseElement)

const byName = new Map(elements.map((element) => [element.name, element]))

/** Elements that few people ask about. */
const RARE = new Set(
  `Scandium Yttrium Technetium Ruthenium Rhodium Indium Tellurium Lanthanum Cerium Praseodymium Promethium Samarium
  Europium Gadolinium Terbium Dysprosium Holmium Erbium Thulium Ytterbium Lutetium Hafnium Tantalum Rhenium Osmium
  Thallium Polonium Astatine Francium Actinium Protactinium Neptunium Americium Curium Berkelium Californium
  Einsteinium Fermium`.split(/\s+/),
)

function interest({ name, number }: Element): number {
  if (number > 100) return 0.35
  return RARE.has(name) ? 1 : 2.4
}

const interests = elements.map((element) => [interest(element), element] as const)

/** A random element; those that people ask about come more often. */
export const anyElement = (dice: Dice): Element => dice.weighted(interests)

/** Words that say nothing about an element, though its facts need them. */
const EMPTY = new Set(
  `a about all almost also and as at be by called can every for from gives has have helps in is it its makes making
  many more most named never of off old on one only or our out over room small than that the their to very was when
  with white red blue green yellow brown black pink purple orange strong light heavy soft hard good new`.split(
    /\s+/,
  ),
)

const telling = (texts: readonly string[]): string[] =>
  texts.flatMap(wordsOf).filter((word) => !EMPTY.has(word))

/**
 * The words that are a fact of an element, in lower case: its places, purposes, traits and source, its kind, state and
 * colour, its finder and year, its symbol, number and rank. Empty for a name that is no element's.
 */
export function factWordsOf(name: string): ReadonlySet<string> {
  const e = byName.get(name)
  if (!e) return new Set()
  const said = [...e.places, ...e.purposes, ...e.traits, e.source, e.category, e.kind, e.state ?? '']
  const isNonMetal = e.category === 'halogen' || e.category === 'noble gas'
  const figures = [e.symbol.toLowerCase(), String(e.number), e.found?.year ?? '', e.rank?.split(' ')[0] ?? '']
  return new Set([
    ...telling([...said, e.found?.by ?? '']),
    ...wordsOf(e.color ?? ''),
    ...(isNonMetal ? ['non-metal'] : []),
    ...figures.filter(Boolean),
  ])
}
