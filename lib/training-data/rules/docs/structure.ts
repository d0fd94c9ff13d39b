import { MAX_LINE_BYTES } from '../../jsonl.ts'
import { asked, lines, plain, type RuleEntry } from '../entry.ts'

const [good = '', other = ''] = plain
const inText = (sign: string) => asked('What is neon?', 'A noble gas.').replace('noble', sign)
const pretty = JSON.stringify(JSON.parse(good), null, 2)

/** Rules on reading the text as one example per line. */
export const structure: readonly RuleEntry[] = [
  {
    id: 'not-utf8',
    severity: 'error',
    group: 'structure',
    repair: 'by hand',
    bad: inText('no\udce9ble'),
    good,
  },
  { id: 'bom', severity: 'warning', group: 'structure', repair: 'safe', bad: `\ufeff${good}`, good },
  {
    id: 'crlf',
    severity: 'warning',
    group: 'structure',
    repair: 'safe',
    bad: `${good}\r\n${other}\r\n`,
    good: `${good}\n${other}\n`,
  },
  {
    id: 'blank-line',
    severity: 'warning',
    group: 'structure',
    repair: 'safe',
    bad: lines(good, '', other),
    good: lines(good, other),
  },
  {
    id: 'array-not-lines',
    severity: 'error',
    group: 'structure',
    repair: 'safe',
    bad: `[\n${good},\n${other}\n]`,
    good: lines(good, other),
  },
  { id: 'multi-line-json', severity: 'error', group: 'structure', repair: 'safe', bad: pretty, good },
  { id: 'bad-json', severity: 'error', group: 'structure', repair: 'review', bad: `${good},`, good },
  {
    id: 'too-deep',
    severity: 'error',
    group: 'structure',
    repair: 'by hand',
    bad: `{"messages": ${'['.repeat(70)}${']'.repeat(70)}}`,
    good,
  },
  {
    id: 'duplicate-key',
    severity: 'either',
    group: 'structure',
    repair: 'by hand',
    bad: good.replace('"role":"user"', '"role":"user","role":"user"'),
    good,
  },
  {
    id: 'lone-surrogate',
    severity: 'error',
    group: 'structure',
    repair: 'by hand',
    bad: inText('\\ud83d'),
    good: inText('\\ud83d\\ude00'),
  },
  {
    id: 'nul-character',
    severity: 'error',
    group: 'structure',
    repair: 'by hand',
    bad: inText('\\u0000'),
    good,
  },
  {
    id: 'number-precision',
    severity: 'warning',
    group: 'structure',
    repair: 'by hand',
    bad: good.replace(
      /}$/,
      ',"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","maximum":9007199254740993}}}]}',
    ),
    good: good.replace(
      /}$/,
      ',"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","maximum":9007199254740992}}}]}',
    ),
  },
  {
    id: 'not-object',
    severity: 'error',
    group: 'structure',
    repair: 'review',
    bad: '"What is neon?"',
    good,
  },
  {
    id: 'no-messages',
    severity: 'error',
    group: 'structure',
    repair: 'review',
    bad: '{"prompt": "What is neon?", "completion": "A noble gas."}',
    good: asked('What is neon?', 'A noble gas.'),
  },
  {
    id: 'null-keys',
    severity: 'warning',
    group: 'structure',
    repair: 'review',
    bad: good.replace(/}$/, ',"tools":null}'),
    good,
  },
  {
    id: 'unknown-key',
    severity: 'error',
    group: 'structure',
    repair: 'review',
    bad: good.replace(/}$/, ',"source":"a book"}'),
    good,
  },
  {
    id: 'content-parts',
    severity: 'error',
    group: 'structure',
    repair: 'review',
    bad: good.replace('"What is neon?"', '[{"text":"What is neon?"}]'),
    good: good.replace('"What is neon?"', '[{"type":"text","text":"What is neon?"}]'),
  },
  {
    id: 'bad-shape',
    severity: 'error',
    group: 'structure',
    repair: 'review',
    bad: good.replace('"What is neon?"', '42'),
    good: good.replace('"What is neon?"', '"42"'),
  },
  {
    id: 'too-few-rows',
    severity: 'error',
    group: 'structure',
    repair: 'by hand',
    bad: lines(...plain.slice(0, 9)),
    good: lines(...plain),
  },
  {
    id: 'too-big',
    severity: 'error',
    group: 'structure',
    repair: 'by hand',
    get bad() {
      return asked('What is neon?', 'A noble gas.'.repeat(Math.ceil(MAX_LINE_BYTES / 12)))
    },
    good,
  },
]
