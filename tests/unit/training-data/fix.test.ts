import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Edit, Fixer, fixableRules } from '#lib/training-data/fix/fixer.ts'
import type { SourceLine } from '#lib/training-data/fix/pieces.ts'
import { fixOf, type RuleId } from '#lib/training-data/issue.ts'
import { textLines } from '#lib/training-data/jsonl.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import { validateLines } from '#lib/training-data/validate.ts'

const source = (text: string): SourceLine[] => [...textLines(new TextEncoder().encode(text))]

function fix(
  lines: readonly SourceLine[],
  rules: Iterable<RuleId> = fixableRules,
  how: string | null = null,
) {
  const fixer = new Fixer(new Set(rules), how)
  const edits = [...lines.flatMap((line) => fixer.add(line)), ...fixer.finish()]
  return { edits, lines: applied(lines, edits) }
}

/** The lines as they are after the edits; a line break is a line's own end. */
function applied(lines: readonly SourceLine[], edits: readonly Edit[]): SourceLine[] {
  const changed: SourceLine[] = []
  let at = 0
  for (const { from, count, lines: texts } of edits) {
    changed.push(...lines.slice(at, from))
    for (const text of texts) {
      const crlf = text.endsWith('\r')
      changed.push({ text: crlf ? text.slice(0, -1) : text, bom: false, crlf })
    }
    at = from + count
  }
  return [...changed, ...lines.slice(at)]
}

const fixed = (text: string, ...rules: RuleId[]) =>
  fix(source(text), rules.length > 0 ? rules : fixableRules).lines.map((line) => line.text)

const report = (lines: readonly SourceLine[]) => {
  const text = lines
    .map((line) => `${line.bom ? '\ufeff' : ''}${line.text}${line.crlf ? '\r' : ''}\n`)
    .join('')
  return validateLines(new TextEncoder().encode(text), { minimumRows: 0 })
}
const said = (lines: readonly SourceLine[]) => Object.keys(report(lines).byRule) as RuleId[]

const user = '{"role": "user", "content": "q"}'
const assistant = '{"role": "assistant", "content": "a"}'
const good = `{"messages": [${user}, ${assistant}]}`
const other = good.replace('"a"', '"b"')

describe('each rule is mended', () => {
  it.each<[RuleId, string, string[]]>([
    ['bom', `\ufeff${good}\n`, [good]],
    ['crlf', `${good}\r\n${other}\r\n`, [good, other]],
    ['blank-line', `\n${good}\n \t\n${other}`, [good, other]],
    ['multi-line-json', `{"messages":\n  [${user},\n   ${assistant}\n  ]\n}\n${other}`, [good, other]],
    [
      'multi-line-json',
      `{"messages": [${user}, {"role": "assistant", "content": "a\nb"}]}`,
      [good.replace('"a"', '"a\\nb"')],
    ],
    ['array-not-lines', `[${good}, ${other}]`, [good, other]],
    ['array-not-lines', `[\n  ${good},\n  ${other}\n]\n`, [good, `  ${other}`]],
    ['array-not-lines', `[{\n  "messages": [${user}, ${assistant}]\n},\n${other}]`, [good, other]],
    ['bad-json', `${good} ${other}`, [good, other]],
    ['array-not-lines', `[\n{"messages": [${user}, ${assistant},]},\n${other}]`, [good, other]],
    ['not-object', `${other}\n[${good}]`, [other, good]],
    ['bad-json', `${good},`, [good]],
    ['bad-json', `${good}\ufeff${other}`, [good, other]],
    ['bad-json', `${good}\n\ufeff${other}`, [good, other]],
    ['bad-json', `${good}\n\0\0\0`, [good]],
    ['bad-json', `  ${good.replaceAll('"', "'")}`, [`  ${good}`]],
    [
      'bad-json',
      good.replace(']}', '], "parallel_tool_calls": True}'),
      [good.replace(']}', '], "parallel_tool_calls": true}')],
    ],
    ['bad-json', good.replaceAll('"', '”'), [good]],
    ['bad-json', `"${good.replaceAll('"', '""')}"`, [good]],
    ['not-object', JSON.stringify(good), [good]],
    ['bad-json', `{"messages": [${user}, ${assistant}, ], }`, [`{"messages": [${user}, ${assistant} ] }`]],
    ['bad-json', good.replace('"a"', '"a\tb\u0001"'), [good.replace('"a"', '"a\\tb\\u0001"')]],
    ['no-messages', '{"prompt": "q", "completion": " a"}', [good]],
    [
      'no-messages',
      '{"id": 1.0, "prompt": "q", "completion": "a"}',
      [`{"id": 1.0, "messages": [${user}, ${assistant}]}`],
    ],
    ['no-messages', '{"instruction": "q", "input": "", "output": "a"}', [good]],
    [
      'no-messages',
      '{"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]}',
      [good],
    ],
    ['weight-not-0-1', good.replace('"a"', '"a", "weight": true'), [good.replace('"a"', '"a", "weight": 1')]],
    ['weight-not-0-1', good.replace('"a"', '"a", "weight":"0"'), [good.replace('"a"', '"a", "weight":0')]],
    ['weight-on-non-assistant', good.replace('"q"', '"q", "weight": 1'), [good]],
    [
      'system-not-first',
      `{"messages": [${user},  {"role":"system","content":"s"}, ${assistant}]}`,
      [`{"messages": [{"role":"system","content":"s"},  ${user}, ${assistant}]}`],
    ],
    ['trailing-space', good.replace('"a"', '"\\u0061 \\n\\u00a0"'), [good.replace('"a"', '"\\u0061"')]],
    ['bad-json', good.slice(0, -1), [good]],
    ['bad-json', good.slice(0, -2), [good]],
    ['bad-role', good.replace('"user"', '"User"'), [good]],
    ['bad-role', good.replace('assistant', 'asistant'), [good]],
    ['null-keys', good.replace('"a"', '"a", "weight": null'), [good]],
    [
      'content-parts',
      good.replace('"q"', '[{"text": "q"}]'),
      [good.replace('"q"', '[{"type": "text", "text": "q"}]')],
    ],
    ['invisible-characters', good.replace('"q"', '"q\u200b1"'), [good.replace('"q"', '"q1"')]],
    ['special-token', good.replace('"a"', '"a<|endoftext|>"'), [good]],
    ['duplicate', `${good}\n${other}\n ${good} \n`, [good, other]],
  ])('%s in %j', (rule, text, lines) => {
    expect(fixed(text, rule)).toEqual(lines)
    expect(fixed(text)).toEqual(lines)
    const lists: readonly RuleId[] = ['array-not-lines', 'not-object']
    const others = [...fixableRules].filter(
      (own) => own !== rule && !(lists.includes(rule) && lists.includes(own)),
    )
    expect(fixed(text, ...others)).toEqual(source(text).map((line) => line.text))
  })

  it('in preference pairs too', () => {
    const pair = `{"input": {"messages": [${user}]}, "preferred_output": [{"role": "assistant", "content": "a "}], "non_preferred_output": [{"role": "assistant", "content": "b", "weight": "1"}]}`
    expect(fixed(pair)).toEqual([
      `{"input": {"messages": [${user}]}, "preferred_output": [{"role": "assistant", "content": "a"}], "non_preferred_output": [{"role": "assistant", "content": "b", "weight": 1}]}`,
    ])
  })
})

describe('in the book of rules', () => {
  // Of what is no object, only lists are mended, and the book's example is a text.
  const mended = ruleDocs.filter(({ id, repair }) => repair !== 'by hand' && id !== 'not-object')

  it.each(mended)('the example of $id is mended', ({ id, bad }) => {
    expect(said(source(bad))).toContain(id)
    const own = report(source(bad)).issues.find(({ rule }) => rule === id)
    const repair = own ? fixOf(own) : null
    const how = repair === 'reasoning' ? 'keep' : repair
    expect(repair).not.toBeNull()
    expect(said(fix(source(bad), [id], how).lines)).not.toContain(id)
  })
})

describe('what is not certain stays', () => {
  it.each([
    `{"messages": [${user}`,
    `{"messages": [${user}, ${assistant},`,
    `{"id": 1, ${good.slice(1).replace('"a"', '"a", "x": "a text"')}`,
    good.replace('"a"', '"a", "reasoning_content": "b"'),
    good.replace('"a"', '"<think>b"'),
    good.replace('"a"', '"\\u0007a"'),
    `{"messages": [${user},, ${assistant}]}`,
    `${good} and more`,
    `[${good}, 1]`,
    '[]x',
    '{"messages": []}} ',
    `{"messages": [${user}, {"role": "assistant", "content": "a\\\nb"}]}`,
    good.replace('"a"', '"a", "weight": 2'),
    good.replace('"role": "user"', '"role": "someone", "weight": 1'),
    `{"messages": [{"role": "system", "content": "1"}, ${user}, {"role": "system", "content": "2"}, ${assistant}]}`,
    `{"messages": [${user}, ${assistant}], "messages": 1, "id": 2}`,
    '{"prompt": 1.5, "completion": "x"}',
    '{"prompt": "a"}',
  ])('%j', (text) => {
    expect(fixed(text)).toEqual(source(text).map((line) => line.text))
  })

  it('and neither do bytes that are no text', () => {
    const lines = [...textLines(Uint8Array.of(0xff, 0x0d, 0x0a))]
    expect(fix(lines).edits).toEqual([])
  })
})

describe('a fixer', () => {
  it('keeps line ends that it was not asked about, and tells what it did', () => {
    const { edits } = fix(
      source(`${other}\r\n\ufeff${good.replace('"a"', '"a "')}\r\n`.slice(other.length + 2)),
      ['trailing-space'],
    )
    expect(edits).toEqual([{ from: 0, count: 1, lines: [`${good}\r`], rules: ['bom', 'trailing-space'] }])
  })

  it('gives changes as soon as they are settled', () => {
    const fixer = new Fixer(fixableRules)
    const add = (text: string) => fixer.add({ text, bom: false, crlf: false })
    expect(add('[')).toEqual([])
    expect(add(`${good},`)).toEqual([{ from: 0, count: 2, lines: [good], rules: ['array-not-lines'] }])
    expect(add('{')).toEqual([])
    expect(add(`"messages": [${user}, ${assistant.replace('"a"', '"b"')}]`)).toEqual([])
    expect(add('}')).toEqual([{ from: 2, count: 3, lines: [other], rules: ['array-not-lines'] }])
    expect(add(']')).toEqual([{ from: 5, count: 1, lines: [], rules: ['array-not-lines'] }])
    expect(fixer.finish()).toEqual([])
  })

  it('goes on behind a record that never ends', () => {
    expect(fixed(`{"messages": [${user}\n${good},\n${other}\n`)).toEqual([
      `{"messages": [${user}`,
      good,
      other,
    ])
  })

  it('keeps a copy that it needs to find its place again', () => {
    expect(fixed(`${good}\nwords\n${good}\n${other},\n${other}`)).toEqual([good, 'words', good, other])
  })

  it('does not take the inside of a record that is too long for records', () => {
    const lines = ['{"messages": [', ...Array.from({ length: 2_000 }, () => `${user},`), assistant, ']}']
    expect(fixed([...lines, `${good},`].join('\n'))).toEqual([...lines, good])
  })

  it('takes copies in one split for copies only', () => {
    const row = (split: 'train' | 'heldout'): SourceLine => ({ text: good, bom: false, crlf: false, split })
    const { edits } = fix([row('train'), row('heldout'), row('train')])
    expect(edits).toEqual([{ from: 2, count: 1, lines: [], rules: ['duplicate'] }])
  })
})

/** A good row and faults that were put into it, each with the rule that speaks of it. */
const faults: readonly (readonly [RuleId, (text: string) => string])[] = [
  ['crlf', (text) => `${text}\r`],
  ['blank-line', (text) => `\n${text}`],
  ['multi-line-json', (text) => text.replace(', {', ',\n {')],
  ['bad-json', (text) => text.replace(/\]([^\]]*)$/, ' ,]$1')],
  ['bad-json', (text) => text.replace('"role": "assistant", "content": "', '$&\t')],
  ['weight-not-0-1', (text) => text.replace('"role": "assistant"', '$&, "weight": "1"')],
  ['weight-on-non-assistant', (text) => text.replace('"role": "user"', '$&, "weight": 0')],
  ['trailing-space', (text) => text.replace(/"(\}\]\}\s*)$/, ' \\n"$1')],
  ['unknown-key', (text) => text.replace(/^(\s*)\{/, '$1{"schemaVersion": "bedrock-conversation-2024", ')],
  ['null-keys', (text) => text.replace(/^(\s*)\{/, '$1{"tools": null, ')],
  ['bad-role', (text) => text.replace('"role": "user"', '"role": "human"')],
  ['duplicate', (text) => `${text}\n${text}`],
]

const word = fc.string({
  unit: fc.constantFrom('a', 'é', '"', '\\', '\t', '😀', ' ', '{', ']', ','),
  minLength: 1,
})
const row = fc
  .record({ system: fc.option(word), asked: word, answered: word })
  .map(({ system, asked, answered }) => {
    const turns = [
      ...(system === null ? [] : [{ role: 'system', content: `.${system}.` }]),
      { role: 'user', content: `.${asked}.` },
      { role: 'assistant', content: `.${answered}.` },
    ]
    const texts = turns.map(
      ({ role, content }) => `{"role": "${role}", "content": ${JSON.stringify(content)}}`,
    )
    return `{"messages": [${texts.join(', ')}]}`
  })

const document = fc.array(fc.tuple(row, fc.subarray([...faults], { maxLength: 3 })), {
  minLength: 1,
  maxLength: 6,
})

const faulty = (rows: readonly (readonly [string, typeof faults])[]): string =>
  rows.map(([line, put]) => `${put.reduce((now, [, fault]) => fault(now), line)}\n`).join('')

describe('in any mixture of faults', () => {
  it('mends all that it says it mends, once, and touches nothing else', () => {
    fc.assert(
      fc.property(document, (rows) => {
        const text = faulty(rows)
        const lines = source(text)
        const once = fix(lines)
        expect(said(once.lines).filter((rule) => fixableRules.has(rule))).toEqual([])
        expect(fix(once.lines).edits).toEqual([])
        const unique = new Set(rows.map(([line]) => line))
        expect(once.lines.length).toBeGreaterThanOrEqual(Math.min(1, unique.size))
        for (const [line, put] of rows)
          if (put.length === 0) expect(once.lines.map((own) => own.text)).toContain(line)
      }),
      { numRuns: 500 },
    )
  })

  it('mends a rule alone, and only where it speaks', () => {
    fc.assert(
      fc.property(document, fc.constantFrom(...fixableRules), (rows, rule) => {
        const text = faulty(rows)
        const lines = source(text)
        const { edits, lines: after } = fix(lines, [rule])
        for (const edit of edits) expect(edit.rules).toContain(rule)
        if (!said(lines).includes(rule))
          expect(after.map((own) => own.text)).toEqual(lines.map((own) => own.text))
        expect(fix(after, [rule]).edits).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
