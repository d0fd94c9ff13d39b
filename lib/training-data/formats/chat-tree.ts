import { asInteger, numberOf } from '../exact.ts'
import { isRecord } from '../is-record.ts'
import { type Fields, isEmpty, type Named, Refusal, type Turn } from './fields.ts'
import { type Format, type Gatherer, has, isList, type Line, type Outcome, share } from './format.ts'
import { MOST_HELD } from './gathered.ts'
import type { MappingOf, Note } from './plan.ts'
import { speakerOf, turn } from './turns.ts'

/** Chats exported by chat programs as a tree, in which every retry is a branch. */

interface Node {
  id: string
  parent: string | null
  /** Null for a root, a hidden message, or a message to or from a tool. */
  role: 'system' | 'user' | 'assistant' | null
  /** Null if the content is not text. */
  text: string | null
  /** Creation time; the newest branch is the current one if none is named. */
  at: number
  /** Rank among the answers, 0 is the best; with ranks, the best branch is the current one. */
  rank?: number | null
}

interface Tree {
  nodes: ReadonlyMap<string, Node>
  /** The last message of the branch displayed. */
  current: string | null
}

const idOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const timeOf = (value: unknown): number => numberOf(value) || 0

/** `content` as text, or as parts of text; null if it has other parts, such as images. */
function textIn(content: unknown): string | null {
  if (typeof content === 'string') return content
  const parts = isRecord(content) ? content.parts : content
  const words = isList(parts) ? parts : isRecord(content) ? [content.text ?? ''] : []
  return words.every((part) => typeof part === 'string') ? words.join('') : null
}

/** Whether a message is to or from a tool. */
const isToolWork = (speaker: string | null, recipient: unknown): boolean =>
  speaker === 'call' || speaker === 'result' || (typeof recipient === 'string' && recipient !== 'all')

/** Role and text of a message. */
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

/** ChatGPT's `mapping`, whose nodes have a message each. */
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

/** `history.messages`, whose members are the messages. */
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

/** One message of OpenAssistant's trees. */
function messageNode(fields: Fields, id: string, parent: string | null): Node {
  const [text, role, rank] = [fields.take('text'), fields.take('role'), asInteger(fields.take('rank'))]
  const isGone = fields.take('deleted') === true
  const speaker = speakerOf(role)
  if (speaker !== 'user' && speaker !== 'assistant' && speaker !== 'system')
    throw new Refusal('unknown-speaker', { name: String(role), turn: 1 })
  const said = typeof text === 'string' ? text : null
  const at = timeOf(fields.take('created_date'))
  return {
    id,
    parent,
    role: isGone ? null : speaker,
    text: said,
    at,
    rank: typeof rank === 'number' ? rank : null,
  }
}

/** `prompt` with its `replies`, recursively. */
function repliesTree(fields: Fields): Tree {
  const nodes: Node[] = []
  const add = (message: Fields, parent: string | null) => {
    const id = `${parent ?? ''}/${nodes.length}`
    message.take('message_id')
    message.take('parent_id')
    nodes.push(messageNode(message, id, parent))
    for (const reply of message.each('replies') ?? []) add(reply, id)
  }
  const prompt = fields.within('prompt')
  if (prompt) add(prompt, null)
  return { nodes: byId(nodes), current: null }
}

const hasReplies = ({ prompt }: Named): boolean => isRecord(prompt) && isList(prompt.replies)

function treeOf(fields: Fields): Tree {
  if (hasReplies(fields.record)) return repliesTree(fields)
  if (isRecord(fields.peek('mapping'))) return mappedTree(fields)
  const chat = fields.within('chat')
  const history = (chat ?? fields).within('history')
  if (!history || !isRecord(history.peek('messages'))) throw new Refusal('no-messages')
  // The same chat again, as the list displayed.
  if (isList(chat?.peek('messages'))) chat?.take('messages')
  return historyTree(history)
}

/** The branch from the root to a message. */
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

const rankOf = ({ rank }: Node): number => rank ?? Number.POSITIVE_INFINITY

/** The last message of the branch of best answers; null if no answer has a rank. */
function bestLeaf({ nodes }: Tree): string | null {
  const all = [...nodes.values()]
  if (all.every(({ rank }) => rank === undefined)) return null
  let leaf = all.find(({ parent }) => parent === null || !nodes.has(parent))
  for (let next = leaf; next; ) {
    leaf = next
    const { id } = next
    const children = all.filter(({ parent, role }) => parent === id && role !== null)
    next = children.toSorted((one, other) => rankOf(one) - rankOf(other))[0]
  }
  return leaf?.id ?? null
}

const speaks = ({ role }: Node): boolean => role !== null

function turnOf({ role, text }: Node): Turn {
  if (text === null) throw new Refusal('bad-part', { kind: 'message' })
  return turn(role ?? 'user', text)
}

/** Answers on the branch, each with the other answers to the same question. */
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

const readTree = (fields: Fields, retries: Retries): Line[] =>
  linesOf(treeOf(fields), retries, (note) => fields.note(note))

type Retries = 'leave' | 'pairs'

function linesOf(tree: Tree, retries: Retries, note: (note: Note) => void): Line[] {
  const branch = branchTo(tree, tree.current ?? bestLeaf(tree) ?? newestLeaf(tree))
  if (retries === 'pairs') {
    const pairs = pairsOf(tree, branch)
    if (pairs.length === 0) throw new Refusal('no-retry')
    return pairs
  }
  const turns = branch.filter(speaks)
  const last = turns.findLastIndex(({ role }) => role === 'assistant')
  if (last === -1) throw new Refusal('no-answer')
  if (last < turns.length - 1) note('unanswered-turn')
  if ([...tree.nodes.values()].filter(speaks).length > turns.length) note('other-branches')
  return [{ messages: turns.slice(0, last + 1).map(turnOf) }]
}

const isTree = (record: Named): boolean =>
  isRecord(record.mapping) ||
  hasReplies(record) ||
  [record.chat, record].some(
    (chat) =>
      isRecord(chat) && isRecord(chat.history) && isRecord(chat.history.messages) && !isEmpty(chat.history),
  )

export const chatTree: Format<'chat-tree'> = {
  score: (records) => share(records, isTree),
  mapping: () => ({ shape: 'chat-tree', retries: 'leave' }),
  read: (fields, { retries }) => readTree(fields, retries),
}

/** Gathers the messages of each tree, also from interleaved records. */
function gatherTree({ retries }: MappingOf<'message-tree'>): Gatherer {
  const held: { node: Node; line: number }[] = []
  let size = 0
  return {
    add: (fields, line) => {
      const id = fields.text('message_id')
      const node = messageNode(fields, id, idOf(fields.take('parent_id')))
      fields.take('message_tree_id')
      size += node.text?.length ?? 0
      if (size > MOST_HELD) throw new Refusal('too-much-held')
      held.push({ node, line })
      return []
    },
    finish: () => treesIn(held.map(({ node }) => node)).map((nodes) => outcomeOf(nodes, held, retries)),
  }
}

/** Messages by their root. */
function treesIn(nodes: readonly Node[]): Node[][] {
  const known = byId(nodes)
  const roots = new Map<string, string>()
  const rootOf = (node: Node): string => {
    const [top = node] = branchTo({ nodes: known, current: null }, node.id)
    return top.id
  }
  for (const node of nodes) roots.set(node.id, rootOf(node))
  return [...Map.groupBy(nodes, ({ id }) => roots.get(id) ?? id).values()]
}

function outcomeOf(
  nodes: readonly Node[],
  held: readonly { node: Node; line: number }[],
  retries: Retries,
): Outcome {
  const own = new Set(nodes)
  const from = held.filter(({ node }) => own.has(node)).map(({ line }) => line)
  const notes: Note[] = []
  try {
    return {
      from,
      lines: linesOf({ nodes: byId(nodes), current: null }, retries, (note) => notes.push(note)),
      notes,
    }
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return { from, ...thrown.refused }
  }
}

export const messageTree: Format<'message-tree'> = {
  score: (records) => share(records, has('message_id', 'parent_id', 'text', 'role')),
  mapping: () => ({ shape: 'message-tree', retries: 'leave' }),
  gather: gatherTree,
}
