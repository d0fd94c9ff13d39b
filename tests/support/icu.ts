import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'

/** What a sentence asks of its callers. */
export interface Shape {
  /** Names in braces. */
  names: Set<string>
  /** Names of tags. */
  tags: Set<string>
  /** Names that must be numbers. */
  numbers: Set<string>
  /** Name → its branches, over all places where it selects. */
  selects: Map<string, Set<string>>
  /** The branches of each plural of a number. */
  plurals: { name: string; branches: string[] }[]
}

function add(shape: Shape, elements: readonly MessageFormatElement[]): void {
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue
    if (element.type === TYPE.tag) {
      shape.tags.add(element.value)
      add(shape, element.children)
      continue
    }
    shape.names.add(element.value)
    if (element.type === TYPE.number || element.type === TYPE.plural) shape.numbers.add(element.value)
    if (element.type !== TYPE.plural && element.type !== TYPE.select) continue
    const branches = Object.keys(element.options)
    if (element.type === TYPE.plural) shape.plurals.push({ name: element.value, branches })
    else shape.selects.set(element.value, new Set([...(shape.selects.get(element.value) ?? []), ...branches]))
    for (const { value } of Object.values(element.options)) add(shape, value)
  }
}

/** The shape of an ICU message. @throws SyntaxError when it is none */
export function shapeOf(message: string): Shape {
  const shape: Shape = {
    names: new Set(),
    tags: new Set(),
    numbers: new Set(),
    selects: new Map(),
    plurals: [],
  }
  add(shape, parse(message))
  return shape
}

type Texts = { readonly [key: string]: string | Texts }

/** Every text of a catalogue by its path, as `jobs.form.title`. */
export const textsIn = (texts: Texts, path = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[here, value] as [string, string]] : textsIn(value, here)
  })
