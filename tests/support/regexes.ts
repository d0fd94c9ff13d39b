import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vitest/node'

/** A regular expression in the product's source. */
export interface FoundRegex {
  /** `file:line`. */
  at: string
  source: string
  flags: string
}

/** A pattern that is built at run time: its parts are checked by hand. */
interface BuiltRegex {
  at: string
  code: string
}

export interface Regexes {
  literals: FoundRegex[]
  built: BuiltRegex[]
}

interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

function* nodesIn(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesIn(child)
}

const isConstructor = ({ type, callee }: Node): boolean =>
  (type === 'NewExpression' || type === 'CallExpression') &&
  isNode(callee) &&
  callee.type === 'Identifier' &&
  callee.name === 'RegExp'

/** The text of a literal argument: a string, or a template without placeholders. */
function textOf(argument: unknown): string | null {
  if (!isNode(argument)) return null
  const { type, value, quasi } = argument
  if (type === 'Literal' && typeof value === 'string') return value
  const template = type === 'TaggedTemplateExpression' && isNode(quasi) ? quasi : argument
  const [part, ...more] = (template.quasis ?? []) as { value: { raw: string; cooked: string } }[]
  if (!part || more.length > 0) return null
  return type === 'TaggedTemplateExpression' ? part.value.raw : part.value.cooked
}

/** The regular expressions in a source text. */
export function regexesIn(file: string, code: string): Regexes {
  const literals: FoundRegex[] = []
  const built: BuiltRegex[] = []
  const lang = file.endsWith('.tsx') ? 'tsx' : 'ts'
  for (const node of nodesIn(parseAst(code, { lang }) as unknown as Node)) {
    const at = `${file}:${code.slice(0, node.start).split('\n').length}`
    const regex = node.regex as { pattern: string; flags: string } | undefined
    if (node.type === 'Literal' && regex) literals.push({ at, source: regex.pattern, flags: regex.flags })
    if (!isConstructor(node)) continue
    const [pattern, flags] = node.arguments as unknown[]
    const source = textOf(pattern)
    if (source === null) built.push({ at, code: code.slice(node.start, node.end) })
    else literals.push({ at, source, flags: textOf(flags) ?? '' })
  }
  return { literals, built }
}

/** All regular expressions of the product's source files. */
export function allRegexes(): Regexes {
  const found = globSync('{app,components,lib}/**/*.{ts,tsx,js}')
    .map((file) => file.split(path.sep).join('/'))
    .toSorted()
    .map((file) => regexesIn(file, readFileSync(file, 'utf8')))
  return {
    literals: found.flatMap(({ literals }) => literals),
    built: found.flatMap(({ built }) => built),
  }
}
