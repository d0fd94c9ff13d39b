import { describe, expect, it } from 'vitest'
import { type Issue, ruleIds } from '#lib/training-data/issue.ts'
import { asOpenAI, uploadProblem } from '#lib/training-data/openai.ts'
import { validateLines } from '#lib/training-data/validate.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const row = '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}'
const first = (text: string): Issue => {
  const issue = validateLines(bytesOf(text), { minimumRows: 1 }).issues.find(
    ({ severity }) => severity === 'error',
  )
  if (!issue) throw new Error('the file has no error')
  return issue
}

describe('asOpenAI', () => {
  it('counts examples in OpenAI’s wording', () => {
    const [issue] = validateLines(bytesOf(`${row}\n`)).issues
    expect(issue && asOpenAI(issue)).toEqual({
      code: 'invalid_n_examples',
      param: 'training_file',
      message: 'Training file has 1 example(s), but must have at least 10 examples',
    })
  })

  it('names the example and the message whose role is missing', () => {
    const text = `\n${row}\n${row.replace('"role": "assistant", ', '')}`
    expect(asOpenAI(first(text))).toEqual({
      code: 'invalid_training_file',
      param: 'training_file',
      message:
        "The job failed due to an invalid training file. Invalid file format. Example 2, message 2 Discriminator 'role' is missing in value",
    })
  })

  it('names an extra key', () => {
    expect(asOpenAI(first(row.replace(/}$/, ', "weight": 1}')))).toMatchObject({
      code: 'invalid_file_format',
      message:
        'The job failed due to a file format error in the training file. Invalid file format. Example 1 contains an extra "weight".',
    })
  })

  it('gives the parser’s reason and position', () => {
    expect(asOpenAI(first('{"messages": [] "x": 1}')).message).toContain(
      "Example 1 cannot be parsed. Error: line contains invalid json: Expecting ',' delimiter: line 1 column 17 (char 16) (line 1)",
    )
  })

  it('refuses preference pairs for a supervised job', () => {
    const pair =
      '{"input": {"messages": [{"role": "user", "content": "q"}]}, "preferred_output": [{"role": "assistant", "content": "a"}], "non_preferred_output": [{"role": "assistant", "content": "b"}]}'
    const { issues } = validateLines(bytesOf(pair), { minimumRows: 1, method: 'supervised' })
    expect(issues[0] && asOpenAI(issues[0])).toEqual({
      code: 'invalid_training_file',
      param: 'training_file',
      message:
        "The job failed due to an invalid training file. Invalid file format. Input file is in the fine-tune-preference format, but the specified fine-tuning job is not using 'dpo' as the training method (provided method=supervised).",
    })
    expect(validateLines(bytesOf(pair), { minimumRows: 1, method: 'preference' }).issues).toEqual([])
    const [chat] = validateLines(bytesOf(row), { minimumRows: 1, method: 'preference' }).issues
    expect(chat && asOpenAI(chat).message).toContain(
      "is in the fine-tune-chat format, but the specified fine-tuning job is not using 'supervised' as the training method (provided method=dpo).",
    )
  })

  it('names the missing key of a preference pair', () => {
    expect(
      asOpenAI(first('{"preferred_output": [{"role": "assistant", "content": "a"}]}')).message,
    ).toContain("Invalid file format. Example 1 is missing key 'input")
  })

  it('names the validation file for an issue in it', () => {
    const problem = asOpenAI(first(row.replace('"a"', '""')), 'validation')
    expect(problem).toMatchObject({ code: 'invalid_validation_file', param: 'validation_file' })
    expect(problem.message).toContain('invalid validation file')
  })

  it.each(ruleIds)('has a sentence for %s', (rule) => {
    const issue: Issue = {
      rule,
      severity: 'error',
      line: 1,
      column: 1,
      path: '',
      row: 1,
      values: { role: 'x', fault: 'bad-escape' },
    }
    expect(asOpenAI(issue).message.length).toBeGreaterThan(10)
  })
})

describe('uploadProblem', () => {
  it.each([
    ['an example', row],
    ['any object', '{}\n{"prompt": 1}'],
    ['blank lines, CRLF and a byte order mark', `\ufeff${row}\r\n\r\n${row}\n\n`],
    ['no line at all', ''],
  ])('lets in %s', (_, text) => {
    expect(uploadProblem(bytesOf(text))).toBeNull()
  })

  it.each([
    ['an array', '[{"messages": []}]', 1, '[{"'],
    ['a number', '{}\n7', 2, '7'],
    ['a pretty-printed object', '{\n  "messages": []\n}', 1, '{'],
    ['broken JSON', '{"prompt": ', 1, '{"p'],
  ])('refuses %s with OpenAI’s sentence', (_, text, line, start) => {
    expect(uploadProblem(bytesOf(text))).toBe(
      `Expected file to have JSONL format, where every line is a JSON dictionary. Line ${line} is not a dictionary (HINT: line starts with: "${start}...").`,
    )
  })

  it('refuses a file that is not UTF-8', () => {
    expect(uploadProblem(Uint8Array.from([0x7b, 0xff, 0x7d]))).toContain('Line 1 is not a dictionary')
  })

  it.each<[string, Uint8Array]>([
    [
      'The file is UTF-16 (little endian): save it as UTF-8.',
      Buffer.from('\ufeff{"messages": []}', 'utf16le'),
    ],
    ['The file is Windows-1252: save it as UTF-8.', Buffer.from('{"a": "caf\xe9 na\xefve"}', 'latin1')],
    ['The file is not UTF-8: save it as UTF-8.', Buffer.from('{"a": "caf\x82"}', 'latin1')],
    ['The file is packed with gzip: unpack it first.', Buffer.of(0x1f, 0x8b, 8, 0)],
    ['The file is a Parquet file: save it as JSONL first.', Buffer.from('PAR1')],
  ])('says why the words are not to be read: %s', (sentence, file) => {
    expect(uploadProblem(file)).toMatch(/^Expected file to have JSONL format.* \(HINT: .*\)\. The file is /s)
    expect(uploadProblem(file)?.endsWith(sentence)).toBe(true)
  })
})
