import { numberOf } from '../exact.ts'
import { isRecord } from '../rules/rule.ts'
import { type Fields, isEmpty, type Named, Refusal, type Turn } from './fields.ts'
import { type Format, isList, type Line, share } from './format.ts'
import { speakerOf, turn } from './turns.ts'

/** Chats as they are exported by chat programs: a tree, in which every retry is a branch. */

interface Node {
  id: string
  parent: string | null
  /** Null where nobody speaks to be read: a root, a hidden message, a tool at work. */
  role: 'system' | 'user' | 'assistant' | null
  /** Null where something else than text is said. */
  text: string | null
  /** When it was written; the newest branch is the current one where none is named. */
  at: number
}

interface Tree {
  nodes: ReadonlyMap<string, Node>
  /** The last message of the branch that is shown. */
  current: string | null
}

const idOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const timeOf = (value: unknown): number => numberOf(value) || 0

/** `content` as text, or as parts of text; null where it has other parts, such as pictures. */
function textIn(content: unknown): string | null {
  if (typeof content === 'string') return content
  const parts = isRecord(content) ? content.parts : content
  const words = isList(parts) ? parts : isRecord(content) ? [content.text ?? ''] : []
  return words.every((part) => typeof part === 'string') ? words.join('') : null
}

/** A message to a tool, or from one. */
const isToolWork = (speaker: string | null, recipient: unknown): boolean =>
  speaker === 'call' || speaker === 'result' || (typeof recipient === 'string' && recipient !== 'all')

/** Of a message in a tree: who speaks and what is said. */
function spoken(message: Fields): Pick<Node, 'role' | 'text'> {
  const [role, author] = [message.take('role'), message.take('author')]
  const speaker = speakerOf(role ?? (isRecord(author) ? author.role : null))
  const text = textIn(message.take('content'))
  if (isToolWork(speaker, message.take('recipient')) && text !== '') {
    message.note('tool-turns')
    return { role: null, text: '' }
  }
  return { role: text === '' ? null : (speaker as Node['role']), text }
}

const isHidden = ({ record: { metadata } }: Fields): boolean =>
  isRecord(metadata) && metadata.is_visually_hidden_from_conversation === true

/** `mapping`, whose nodes hold a message each. */
function mappedTree(fields: Fields): Tree {
  const mapping = Object.entries(fields.peek('mapping') as Named)
  const values = fields.fieldsOf(
    'mapping',
    mapping.map(([, value]) => value),
  )
  const nodes = values.map((value, index): Node => {
    const id = mapping[index]?.[0] ?? ''
    for (const known of ['id', 'children']) value.take(known)
    const parent = idOf(value.take('parent'))
    const message = value.within('message')
    const at = timeOf(message?.take('create_time'))
    const said = message && !isHidden(message) ? spoken(message) : { role: null, text: '' }
    return { id, parent, at, ...said }
  })
  return { nodes: byId(nodes), current: idOf(fields.take('current_node')) }
}

/** `history.messages`, whose members are messages themselves. */
function historyTree(history: Fields): Tree {
  const messages = Object.entries(history.peek('messages') as Named)
  const values = history.fieldsOf(
    'messages',
    messages.map(([, value]) => value),
  )
  const nodes = values.map((value, index): Node => {
    for (const known of ['id', 'childrenIds']) value.take(known)
    const parent = idOf(value.take('parentId'))
    return { id: messages[index]?.[0] ?? '', parent, at: timeOf(value.take('timestamp')), ...spoken(value) }
  })
  return { nodes: byId(nodes), current: idOf(history.take('currentId')) }
}

const byId = (nodes: readonly Node[]): ReadonlyMap<string, Node> =>
  new Map(nodes.map((node) => [node.id, node]))

function treeOf(fields: Fields): Tree {
  if (isRecord(fields.peek('mapping'))) return mappedTree(fields)
  const chat = fields.within('chat')
  const history = (chat ?? fields).within('history')
  if (!history || !isRecord(history.peek('messages'))) throw new Refusal('no-messages')
  // The same chat, once more as the list that is shown.
  if (isList(chat?.peek('messages'))) chat?.take('messages')
  return historyTree(history)
}

/** The branch that ends at a message, from its root. */
function branchTo({ nodes }: Tree, id: string | null): Node[] {
  const branch: Node[] = []
  const seen = new Set<string>()
  for (let at = nodes.get(id ?? ''); at && !seen.has(at.id); at = nodes.get(at.parent ?? '')) {
    seen.add(at.id)
    branch.unshift(at)
  }
  return branch
}

const newestLeaf = ({ nodes }: Tree): string | null => {
  const parents = new Set([...nodes.values()].map(({ parent }) => parent))
  const leaves = [...nodes.values()].filter(({ id }) => !parents.has(id))
  return (
    leaves.reduce<Node | null>((best, leaf) => (!best || leaf.at >= best.at ? leaf : best), null)?.id ?? null
  )
}

const speaks = ({ role }: Node): boolean => role !== null

function turnOf({ role, text }: Node): Turn {
  if (text === null) throw new Refusal('bad-part', { kind: 'message' })
  return turn(role ?? 'user', text)
}

/** Answers on the branch, and for each the others that were given to the same question. */
function retriesOf({ nodes }: Tree, branch: readonly Node[]): { answer: Node; others: Node[] }[] {
  const isSibling = (answer: Node) => (node: Node) =>
    node.parent === answer.parent &&
    node.id !== answer.id &&
    node.role === 'assistant' &&
    node.text !== answer.text
  return branch
    .filter(({ role }) => role === 'assistant')
    .map((answer) => ({ answer, others: [...nodes.values()].filter(isSibling(answer)) }))
}

function pairsOf(tree: Tree, branch: readonly Node[]): Line[] {
  return retriesOf(tree, branch).flatMap(({ answer, others }) => {
    const asked = branch.slice(0, branch.indexOf(answer)).filter(speaks).map(turnOf)
    return others.map((other) => ({
      input: { messages: asked },
      preferred_output: [turnOf(answer)],
      non_preferred_output: [turnOf(other)],
    }))
  })
}

function readTree(fields: Fields, retries: 'leave' | 'pairs'): Line[] {
  const tree = treeOf(fields)
  const branch = branchTo(tree, tree.current ?? newestLeaf(tree))
  if (retries === 'pairs') {
    const pairs = pairsOf(tree, branch)
    if (pairs.length === 0) throw new Refusal('no-retry')
    return pairs
  }
  const turns = branch.filter(speaks)
  const last = turns.findLastIndex(({ role }) => role === 'assistant')
  if (last === -1) throw new Refusal('no-answer')
  if (last < turns.length - 1) fields.note('unanswered-turn')
  if ([...tree.nodes.values()].filter(speaks).length > turns.length) fields.note('other-branches')
  return [{ messages: turns.slice(0, last + 1).map(turnOf) }]
}

const isTree = (record: Named): boolean =>
  isRecord(record.mapping) ||
  [record.chat, record].some(
    (chat) =>
      isRecord(chat) && isRecord(chat.history) && isRecord(chat.history.messages) && !isEmpty(chat.history),
  )

export const chatTree: Format<'chat-tree'> = {
  score: (records) => share(records, isTree),
  mapping: () => ({ shape: 'chat-tree', retries: 'leave' }),
  read: (fields, { retries }) => readTree(fields, retries),
}
