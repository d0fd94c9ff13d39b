/** Parts of a line of Markdown. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; parts: Inline[] }
  | { kind: 'link'; href: string; parts: Inline[] }
  | { kind: 'image'; src: string; alt: string }

export type Block =
  | { kind: 'heading'; level: number; id: string; parts: Inline[] }
  | { kind: 'paragraph'; parts: Inline[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'rule' }

/** `[words](address)` from a bracket on; null where there is none. */
function linkAt(text: string, from: number): { words: string; href: string; end: number } | null {
  const close = text.indexOf('](', from + 1)
  const end = close < 0 ? -1 : text.indexOf(')', close + 2)
  if (end < 0) return null
  return { words: text.slice(from + 1, close), href: text.slice(close + 2, end), end: end + 1 }
}

/** What begins at a place and where it ends; null for plain text. */
function markAt(text: string, at: number): { part: Inline; end: number } | null {
  const sign = text[at]
  if (sign === '`') {
    const fence = text.startsWith('``', at) ? '``' : '`'
    const end = text.indexOf(fence, at + fence.length)
    if (end < 0) return null
    return {
      part: { kind: 'code', text: text.slice(at + fence.length, end).trim() },
      end: end + fence.length,
    }
  }
  if (sign === '*') {
    const fence = text.startsWith('**', at) ? '**' : '*'
    const from = at + fence.length
    const end = text.indexOf(fence, from)
    if (end <= from || text[from] === ' ' || text[end - 1] === ' ') return null
    const kind = fence === '**' ? 'strong' : 'em'
    return { part: { kind, parts: inlinesOf(text.slice(from, end)) }, end: end + fence.length }
  }
  if (sign === '!' && text[at + 1] === '[') {
    const image = linkAt(text, at + 1)
    return image && { part: { kind: 'image', src: image.href, alt: image.words }, end: image.end }
  }
  if (sign !== '[') return null
  const link = linkAt(text, at)
  return link && { part: { kind: 'link', href: link.href, parts: inlinesOf(link.words) }, end: link.end }
}

/** The parts of a text without line ends. */
export function inlinesOf(text: string): Inline[] {
  const parts: Inline[] = []
  let plain = ''
  const flush = () => {
    if (plain) parts.push({ kind: 'text', text: plain })
    plain = ''
  }
  for (let at = 0; at < text.length; ) {
    const escaped = text[at] === '\\' && /[\\`*_[\]()#|>!-]/.test(text[at + 1] ?? '')
    const mark = escaped ? null : markAt(text, at)
    if (mark) {
      flush()
      parts.push(mark.part)
      at = mark.end
    } else {
      plain += escaped ? text[at + 1] : text[at]
      at += escaped ? 2 : 1
    }
  }
  flush()
  return parts
}

export const plainText = (parts: readonly Inline[]): string =>
  parts
    .map((part) => ('parts' in part ? plainText(part.parts) : part.kind === 'image' ? part.alt : part.text))
    .join('')

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (parts: readonly Inline[]): string =>
  plainText(parts)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === ''

const HEADING = /^(#{1,6}) +(.*)$/
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)]) +(?=\S)/
const FENCE = /^ {0,3}(```+|~~~+)(.*)$/
const RULE = /^ {0,3}([-*_])( *\1){2,} *$/
const DIVIDER = /^[ |:-]+$/

/** The cells of a row: a bar behind a backslash, or in code, is none. */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  let [cell, code] = ['', false]
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '')
  for (let at = 0; at < inner.length; at++) {
    const sign = inner[at] as string
    if (sign === '\\' && inner[at + 1] === '|') {
      cell += '|'
      at++
      continue
    }
    if (sign === '`') code = !code
    if (sign === '|' && !code) {
      cells.push(cell.trim())
      cell = ''
    } else cell += sign
  }
  return [...cells, cell.trim()]
}

function isTable(lines: readonly string[], at: number): boolean {
  const divider = lines[at + 1] ?? ''
  return (
    (lines[at] ?? '').includes('|') && divider.includes('-') && divider.includes('|') && DIVIDER.test(divider)
  )
}

/** Whether a line begins something that is no paragraph. */
const begins = (lines: readonly string[], at: number): boolean => {
  const line = lines[at] ?? ''
  return (
    HEADING.test(line) ||
    FENCE.test(line) ||
    ITEM.test(line) ||
    RULE.test(line) ||
    line.startsWith('>') ||
    isTable(lines, at)
  )
}

type Read = { block: Block; next: number }

function codeAt(lines: readonly string[], at: number, [, fence = '', language = '']: RegExpExecArray): Read {
  const indent = (lines[at] ?? '').indexOf(fence[0] as string)
  const end = lines.findIndex((line, index) => index > at && line.trim().startsWith(fence))
  const last = end < 0 ? lines.length : end
  const text = lines
    .slice(at + 1, last)
    .map((line) => (isBlank(line.slice(0, indent)) ? line.slice(indent) : line))
    .join('\n')
  return { block: { kind: 'code', language: language.trim(), text }, next: last + 1 }
}

/** The lines of an item without its indentation; where the next one, or what follows the list, begins. */
function itemAt(lines: readonly string[], at: number, width: number): { own: string[]; next: number } {
  const own = [(lines[at] ?? '').slice(width)]
  let next = at + 1
  for (; next < lines.length; next++) {
    const line = lines[next] as string
    const isIndented = isBlank(line.slice(0, width)) && line.length > width
    if (isBlank(line)) {
      // A blank line belongs to the item if the next one does.
      const after = lines[next + 1] ?? ''
      if (isBlank(after) || !isBlank(after.slice(0, width))) break
      own.push('')
    } else if (isIndented) own.push(line.slice(width))
    else if (begins(lines, next)) break
    else own.push(line.trim())
  }
  return { own, next }
}

function listAt(lines: readonly string[], at: number): Read {
  const first = ITEM.exec(lines[at] ?? '')?.[2] ?? '-'
  const ordered = /\d/.test(first)
  const items: Block[][] = []
  let next = at
  for (;;) {
    const found = ITEM.exec(lines[next] ?? '')
    if (!found || /\d/.test(found[2] as string) !== ordered) break
    const item = itemAt(lines, next, found[0].length)
    items.push(blocksIn(item.own))
    next = item.next
    // A blank line may stand between items.
    if (isBlank(lines[next]) && ITEM.test(lines[next + 1] ?? '')) next++
  }
  return { block: { kind: 'list', ordered, start: ordered ? Number.parseInt(first, 10) : 1, items }, next }
}

function tableAt(lines: readonly string[], at: number): Read {
  const end = lines.findIndex((line, index) => index > at && !line.includes('|'))
  const next = end < 0 ? lines.length : end
  const [head = [], , ...rows] = lines.slice(at, next).map((line) => cellsOf(line).map(inlinesOf))
  return { block: { kind: 'table', head, rows }, next }
}

function quoteAt(lines: readonly string[], at: number): Read {
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('>'))
  const next = end < 0 ? lines.length : end
  const own = lines.slice(at, next).map((line) => line.replace(/^> ?/, ''))
  return { block: { kind: 'quote', blocks: blocksIn(own) }, next }
}

function paragraphAt(lines: readonly string[], at: number): Read {
  let next = at + 1
  while (next < lines.length && !isBlank(lines[next]) && !begins(lines, next)) next++
  const text = lines
    .slice(at, next)
    .map((line) => line.trim())
    .join(' ')
  return { block: { kind: 'paragraph', parts: inlinesOf(text) }, next }
}

function blockAt(lines: readonly string[], at: number): Read {
  const line = lines[at] ?? ''
  const heading = HEADING.exec(line)
  if (heading) {
    const parts = inlinesOf(heading[2] ?? '')
    const level = heading[1]?.length ?? 1
    return { block: { kind: 'heading', level, id: anchorOf(parts), parts }, next: at + 1 }
  }
  const fence = FENCE.exec(line)
  if (fence) return codeAt(lines, at, fence)
  if (RULE.test(line)) return { block: { kind: 'rule' }, next: at + 1 }
  if (ITEM.test(line)) return listAt(lines, at)
  if (line.startsWith('>')) return quoteAt(lines, at)
  return isTable(lines, at) ? tableAt(lines, at) : paragraphAt(lines, at)
}

function blocksIn(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    if (isBlank(lines[at])) at++
    else {
      const { block, next } = blockAt(lines, at)
      blocks.push(block)
      at = next
    }
  }
  return blocks
}

/** The blocks of a Markdown text: what help pages and answers of models have. HTML stays text. */
export const blocksOf = (text: string): Block[] => blocksIn(text.replace(/\r\n?/g, '\n').split('\n'))

const hasStrong = (parts: readonly Inline[]): boolean => parts.some(({ kind }) => kind === 'strong')

/** Whether a text was clearly written as Markdown. */
export const isMarkdown = (blocks: readonly Block[]): boolean =>
  blocks.some(
    (block) =>
      block.kind === 'heading' ||
      block.kind === 'code' ||
      block.kind === 'table' ||
      (block.kind === 'list' && block.items.length > 1) ||
      (block.kind === 'paragraph' && hasStrong(block.parts)),
  )
