import { describe, expect, it } from 'vitest'
import { contentsOf, mended, range, reportOf, textOf, verdict } from '../../support/field-files.ts'

const rowOf = (lines: readonly string[], number: number) => JSON.parse(lines[number - 1] ?? '')

describe('what the repairs make of them', () => {
  it('counts what each repair mends, and offers none where there is none', () => {
    expect(reportOf(textOf('16')).repairs).toEqual({
      'weight-not-0-1': { fix: 2 },
      'weight-on-non-assistant': { fix: 1 },
    })
    expect(reportOf(textOf('19')).repairs).toEqual({})
    // Kept in the answers, reasoning stays mixed with rows that have none.
    expect(reportOf(textOf('23')).repairs).toEqual({ reasoning: { reasoning: 4, 'reasoning-mixed': 3 } })
    expect(reportOf(textOf('25')).repairs).toEqual({ 'preference-keys': { fix: 3 } })
    expect(reportOf(textOf('89')).repairs).toEqual({})
  })

  it('15: empty keys go, and nothing else', () => {
    const [first = ''] = mended(textOf('15'), ['null-keys'])
    expect(first).toBe(
      '{"messages": [{"role": "user", "content": "What should I know about boron?"}, {"role": "assistant", "content": "It stiffens glass and hides in laundry soap."}]}',
    )
    expect(reportOf(mended(textOf('15'), ['null-keys']).join('\n')).issues).toEqual([])
  })

  it('17: two answers with weights become a preference pair', () => {
    const lines = mended(textOf('17'), ['two-answers-in-a-row'], 'pairs')
    expect(rowOf(lines, 1)).toEqual({
      input: { messages: [{ role: 'user', content: 'What is boron?' }] },
      preferred_output: [{ role: 'assistant', content: 'It stiffens glass and hides in laundry soap.' }],
      non_preferred_output: [{ role: 'assistant', content: 'I do not know, ask somebody else.' }],
    })
    expect(reportOf(lines.join('\n')).issues).toEqual([])
    expect(mended(textOf('17'), ['two-answers-in-a-row'])).toEqual(mended(textOf('17'), []))
  })

  it('18: the marks go, and the words stay', () => {
    const lines = mended(textOf('18'), ['special-token'])
    expect(reportOf(lines.join('\n')).issues).toEqual([])
    expect(contentsOf(lines[5] ?? '')[0]).toBe('What is magnesium?')
    expect(contentsOf(lines[2] ?? '')[1]).toBe('Most of each breath, and it does nothing there.')
  })

  it('22: functions of 2023 become tools with ids', () => {
    const lines = mended(textOf('22'), ['legacy-functions'])
    expect(reportOf(lines.join('\n')).issues).toEqual([])
    const call = { name: 'melting_point', arguments: '{"element": "boron"}' }
    expect(rowOf(lines, 1)).toMatchObject({
      messages: [
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ id: 'call_1', type: 'function', function: call }] },
        { role: 'tool', tool_call_id: 'call_1', content: '300' },
        { role: 'assistant', content: 'At 300 K.' },
      ],
      tools: [{ type: 'function', function: { name: 'melting_point' } }],
    })
    expect(lines.join('')).not.toContain('function_call"')
  })

  it('23: reasoning is kept, masked or stripped, as somebody chooses; never without a choice', () => {
    const text = textOf('23')
    const thought = 'The question is about boron. I recall its place in the table.'
    const answer = 'It stiffens glass and hides in laundry soap.'
    expect(mended(text, ['reasoning', 'unknown-key'])).toEqual(mended(text, []))
    const first = (how: string) => rowOf(mended(text, ['reasoning'], how), 1).messages.slice(1)
    expect(first('keep')).toEqual([{ role: 'assistant', content: `<think>${thought}</think>\n\n${answer}` }])
    expect(first('mask')).toEqual([
      { role: 'assistant', content: `<think>${thought}</think>`, weight: 0 },
      { role: 'assistant', content: answer },
    ])
    expect(first('strip')).toEqual([{ role: 'assistant', content: answer }])
    for (const how of ['keep', 'mask', 'strip'])
      expect(verdict(mended(text, ['reasoning'], how).join('\n')).reasoning).toEqual([8])
    expect(verdict(mended(text, ['reasoning'], 'strip').join('\n'))).toEqual({ reasoning: [8] })
    expect(contentsOf(mended(text, ['reasoning'], 'strip')[4] ?? '')[1]).toBe(
      'Soft as cheese, and it leaps on water.',
    )
  })

  it('24: images in other formats become the format that providers accept', () => {
    const lines = mended(textOf('24'), ['content-parts'])
    const image = (number: number) => rowOf(lines, number).messages[0].content[1]
    expect(image(10)).toEqual({ type: 'image_url', image_url: { url: 'https://example.org/lamps/9.png' } })
    expect(image(11).image_url.url).toMatch(/^data:image\/png;base64,iVBOR/)
    expect(verdict(lines.join('\n'))['content-parts']).toBeUndefined()
  })

  it('25: an answer that stands alone goes into a list', () => {
    const lines = mended(textOf('25'), ['preference-keys'])
    expect(verdict(lines.join('\n'))['preference-keys']).toEqual([4, 5, 7, 8])
    expect(rowOf(lines, 3).preferred_output).toEqual([{ role: 'assistant', content: 'Most of each breath.' }])
  })

  it('38: the system prompt moves into the first message, and is never deleted', () => {
    const lines = mended(textOf('38'), ['unknown-key', 'content-parts'])
    expect(reportOf(lines.join('\n')).issues).toEqual([])
    for (const number of range(1, 10))
      expect(rowOf(lines, number).messages[0]).toEqual({ role: 'system', content: 'Answer in one sentence.' })
    expect(rowOf(lines, 6).messages[1].content).toEqual([{ type: 'text', text: 'What is magnesium?' }])
    expect(lines.join('')).not.toContain('schemaVersion')
  })

  it('76: the backslash comes back, and a trim does not eat what it left', () => {
    const text = textOf('76')
    expect(mended(text, ['trailing-space'])).toEqual(mended(text, []))
    const answers = mended(text, ['control-characters']).map((line) => contentsOf(line)[1])
    expect(answers).toEqual([
      '\\frac{1}{2}',
      'It is \\beta, nothing more.',
      'C:\\new\\tables\\rates.txt',
      '$\\nabla f$',
      '$5 \\times 2$',
      '$\\rho$ is the density.',
      'The angle \\theta is small.',
      '$\\bar{x}$ is the mean.',
      '$x^{1/2}$ will do.',
      'Ne.',
      'Use \\frac and two groups.',
    ])
  })

  it('77: pages read as a browser shows them', () => {
    const lines = mended(textOf('77'), ['html-in-text'])
    expect(reportOf(lines.join('\n')).issues).toEqual([])
    expect(contentsOf(lines[1] ?? '')[1]).toBe('Pencils, diamonds & every leaf are made of it.\n\n"carbon"')
  })

  it('86: rows of three formats become one', () => {
    expect(reportOf(mended(textOf('86'), ['no-messages']).join('\n')).issues).toEqual([])
  })
})
