import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type Block,
  blocksOf,
  type Inline,
  inlinesOf,
  isMarkdown,
  plainText,
} from '#components/ui/markdown-blocks.ts'
import { HELP_PAGES, helpLink } from '#lib/help/pages.ts'

const kinds = (text: string) => blocksOf(text).map(({ kind }) => kind)
const text = (words: string): Inline => ({ kind: 'text', text: words })

describe('a line', () => {
  test('has code, emphasis, links and pictures', () => {
    expect(inlinesOf('a **b *c*** `d*e*` [f](g.md) ![h](i.png) j')).toMatchObject([
      text('a '),
      { kind: 'strong' },
      { kind: 'text' },
      { kind: 'code', text: 'd*e*' },
      text(' '),
      { kind: 'link', href: 'g.md', parts: [text('f')] },
      text(' '),
      { kind: 'image', alt: 'h', src: 'i.png' },
      text(' j'),
    ])
  })

  test.each(['2 * 3 * 4', '[no link', '`open', 'snake_case_name', 'a **', '**', '![x]', '<b>html</b>'])(
    'of signs that mark nothing stays as it is: %s',
    (line) => expect(plainText(inlinesOf(line))).toBe(line),
  )

  test('what a backslash stands before is a sign', () =>
    expect(inlinesOf('\\*no\\* \\[x\\]')).toEqual([text('*no* [x]')]))
})

describe('a text', () => {
  test('has headings with the anchors of GitHub', () => {
    expect(blocksOf('## A job is *unknown*, and `why`?')).toMatchObject([
      { kind: 'heading', level: 2, id: 'a-job-is-unknown-and-why' },
    ])
  })

  test('has lists in lists, with code in an item', () => {
    const [list] = blocksOf(
      '1. One\n   ```\n   cp -a x\n   ```\n2. Two\n   - inner\n   - more\n\n3. Three',
    ) as [Extract<Block, { kind: 'list' }>]
    expect(list).toMatchObject({ kind: 'list', ordered: true, start: 1 })
    expect(list.items).toHaveLength(3)
    expect(list.items[0]).toMatchObject([{ kind: 'paragraph' }, { kind: 'code', text: 'cp -a x' }])
    expect(list.items[1]).toMatchObject([{ kind: 'paragraph' }, { kind: 'list', items: [[{}], [{}]] }])
  })

  test('has tables whose cells may hold a bar in code or behind a backslash', () => {
    const [table] = blocksOf('| a | b |\n| --- | :-: |\n| `x|y` | p \\| q |\n\nend')
    expect(table).toMatchObject({ kind: 'table', head: [[text('a')], [text('b')]] })
    expect(table?.kind === 'table' && table.rows[0]?.map(plainText)).toEqual(['x|y', 'p | q'])
  })

  test('has code without end, quotes, rules and paragraphs of several lines', () => {
    expect(kinds('one\ntwo\n\n> said\n> so\n\n---\n\n```sh\nx\n# no heading')).toEqual([
      'paragraph',
      'quote',
      'rule',
      'code',
    ])
  })

  test.each(['## Neon', '```\nx\n```', '- a\n- b', '**bold** words', '| a | b |\n|---|---|\n| c | d |'])(
    'is clearly Markdown: %s',
    (answer) => expect(isMarkdown(blocksOf(answer))).toBe(true),
  )

  test.each(['Neon, a gas so bright - You meet it in stars', 'a *word*', '- one dash', '', 'x = a[1](2)'])(
    'is no Markdown: %s',
    (answer) => expect(isMarkdown(blocksOf(answer))).toBe(false),
  )
})

describe('the pages of help', () => {
  const read = (name: string) => readFileSync(`docs/${name}.md`, 'utf8')

  test('are all pages of docs', () => {
    const files = globSync('docs/*.md').map((file) => file.replaceAll('\\', '/').slice(5, -3))
    expect(files.toSorted()).toEqual([...HELP_PAGES].toSorted())
  })

  const linksIn = (parts: readonly Inline[]): string[] =>
    parts.flatMap((part) => [
      ...(part.kind === 'link' ? [part.href] : []),
      ...('parts' in part ? linksIn(part.parts) : []),
    ])
  const linksOf = (blocks: readonly Block[]): string[] =>
    blocks.flatMap((block) => {
      if ('parts' in block) return linksIn(block.parts)
      if (block.kind === 'table') return [block.head, ...block.rows].flat().flatMap(linksIn)
      if (block.kind === 'list') return block.items.flatMap(linksOf)
      return block.kind === 'quote' ? linksOf(block.blocks) : []
    })
  const headingsOf = (blocks: readonly Block[]): string[] =>
    blocks.flatMap((block) => (block.kind === 'heading' ? [block.id] : []))

  test.each(HELP_PAGES)('%s leads only to headings that are there', (name) => {
    const blocks = blocksOf(read(name))
    for (const href of linksOf(blocks)) {
      const [path = '', anchor] = (helpLink(href) ?? '').split('#')
      if (anchor === undefined || path.startsWith('https:')) continue
      const page = path === '' ? name : path.replace('/help/', '')
      expect(headingsOf(blocksOf(read(page))), `${name}: ${href}`).toContain(decodeURIComponent(anchor))
    }
  })

  test.each([
    ['models.md', '/help/models'],
    ['../docs/rules.md#bad-role', '/help/rules#bad-role'],
    ['#back-up', '#back-up'],
    ['https://example.org/x', 'https://example.org/x'],
    ['../lib/engine/memory.ts', null],
    ['../README.md', null],
    ['http://example.org', null],
    ['javascript:alert(1)', null],
  ])('%s leads to %s', (href, to) => expect(helpLink(href)).toBe(to))
})
