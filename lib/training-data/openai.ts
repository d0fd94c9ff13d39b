import { type Encoding, encodingOf } from './formats/encoding.ts'
import { type FileKind, fileKindOf } from './formats/file-kind.ts'
import type { Issue, RuleId } from './issue.ts'
import type { JsonFault } from './json.ts'
import { isBlank, MAX_FILE_BYTES, textLines } from './jsonl.ts'
import { readLine } from './rules/line.ts'

/** A failed validation in OpenAI's job object (`job.error`, and the error event). */
export interface OpenAIProblem {
  code: string
  param: 'training_file' | 'validation_file'
  message: string
}

/** OpenAI's messages come from Python's JSON parser; these are its reasons. */
const pythonReason: Record<JsonFault, string> = {
  'expected-value': 'Expecting value',
  'expected-key': 'Expecting property name enclosed in double quotes',
  'expected-colon': "Expecting ':' delimiter",
  'expected-comma': "Expecting ',' delimiter",
  'unterminated-string': 'Unterminated string starting at',
  'control-character': 'Invalid control character at',
  'bad-escape': 'Invalid \\escape',
  'extra-data': 'Extra data',
  unfinished: "Expecting ',' delimiter",
  'too-deep': 'Nesting is too deep',
}

/** @param file id of the file, where it is known */
type Words = (issue: Issue, file?: string) => string

const pairReasons: Record<string, (key: string) => string> = {
  missing: (key) => `is missing key '${key}'.`,
  one: (key) => `'${key}' must be a list with exactly one message from the assistant.`,
  text: (key) => `'${key}' must hold text only.`,
  shape: (key) => `'${key}' must be a list of messages.`,
  ends: (key) => `'${key}' must not end with a message from the assistant.`,
  same: () => `'preferred_output' and 'non_preferred_output' must differ.`,
}

/** OpenAI's wording where known (the first two groups); else our reason in the same sentence. */
const invalidFormat: Partial<Record<RuleId, Words>> = {
  'unknown-key': ({ row, values }) => `Example ${row} contains an extra "${values.key}".`,
  'weight-on-non-assistant': ({ row }) => `Example ${row} contains an extra "weight".`,
  'no-messages': ({ row, values }) =>
    values.reason === 'missing' || values.reason === 'prompt'
      ? `Example ${row} is missing key 'messages'.`
      : `Example ${row} 'messages' must be a list with at least one message.`,
  'preference-keys': ({ row, values }) =>
    `Example ${row} ${pairReasons[String(values.reason)]?.(String(values.key))}`,
}

const example = ({ row, message }: Issue) => `Example ${row}${message ? `, message ${message}` : ''}`
const broken: Words = ({ row, line, column, values }) =>
  `Example ${row} cannot be parsed. Error: line contains invalid json: ${pythonReason[values.fault as JsonFault]}: line 1 column ${column} (char ${column - 1}) (line ${line})`

function toolWords(issue: Issue): string {
  const { reason, name } = issue.values
  if (reason === 'name')
    return `${example(issue)} Function name '${name}' does not match '^[a-zA-Z0-9_-]{1,64}$'`
  const reasons = { parameters: 'Parameters are not an object schema', arguments: 'Arguments are not JSON' }
  return `${example(issue)} ${reasons[reason as keyof typeof reasons] ?? 'Invalid schema'} for function '${name}'`
}

function cutWords({ row, values: { what, tokens, limit, lost } }: Issue): string {
  const length = `Example ${row} has ${tokens} tokens, of which the model reads ${limit}:`
  return what === 'all'
    ? `${length} its whole answer is cut off`
    : `${length} the last ${lost} tokens of its answer are cut off`
}

function imageWords(issue: Issue): string {
  const { reason, limit } = issue.values
  if (reason === 'rows') return `The file has more than ${limit} examples with images`
  if (reason === 'count') return `${example(issue)} has more than ${limit} images`
  return `${example(issue)} Image must be a URL or a JPEG, PNG or WEBP data URL`
}

function reasoningWords(issue: Issue): string {
  const { reason, key } = issue.values
  if (reason === 'key') return `${example(issue)} contains an extra "${key}"`
  return `${example(issue)} Reasoning is not between <think> and </think>`
}

const shapes: Record<string, string> = {
  text: 'Input should be a string',
  list: 'Input should be a list',
  object: 'Input should be an object',
  boolean: 'Input should be a boolean',
  content: 'Input should be a string or a list of content parts',
  empty: 'List should have at least 1 item',
  function: "Input should be 'function'",
  many: 'Too many problems',
  other: 'Input has an invalid value',
}

const formats: Record<string, string> = { supervised: 'fine-tune-chat', preference: 'fine-tune-preference' }
/** OpenAI's names of the methods. */
const methods: Record<string, string> = { supervised: 'supervised', preference: 'dpo' }

const methodWords = (found: string, wanted: string, file?: string): string =>
  `Input file ${file ? `${file} ` : ''}is in the ${formats[found]} format, but the specified fine-tuning job is not using '${methods[found]}' as the training method (provided method=${methods[wanted]}).`

const invalidFile: Record<
  Exclude<RuleId, 'unknown-key' | 'weight-on-non-assistant' | 'no-messages' | 'preference-keys'>,
  Words
> = {
  'bad-json': broken,
  'too-deep': broken,
  'bad-role': (issue) =>
    issue.values.role === ''
      ? `${example(issue)} Discriminator 'role' is missing in value`
      : `${example(issue)} Input tag '${issue.values.role}' found using 'role' does not match any of the expected tags`,
  'last-not-assistant': (issue) =>
    issue.values.assistants === 0
      ? `Line ${issue.line}, key "messages": At least one message must be from the assistant.`
      : `${example(issue)} Last message must be from the assistant`,
  'too-few-rows': ({ values }) =>
    `file has ${values.rows} example(s), but must have at least ${values.minimum} examples`,
  'not-utf8': ({ row, line, values }) =>
    `Example ${row} cannot be parsed. Error: line is not valid UTF-8 at byte ${values.byte} (line ${line})`,
  'not-object': ({ row, line }) => `Example ${row} is not a JSON dictionary (line ${line})`,
  'multi-line-json': ({ row, line, values }) =>
    `Example ${row} is spread over ${values.lines} lines, from line ${line}; every line must be one JSON dictionary`,
  'duplicate-key': (issue) => `${example(issue)} Key '${issue.values.key}' appears twice`,
  'lone-surrogate': (issue) => `${example(issue)} Text holds half of a surrogate pair`,
  'bad-shape': (issue) => `${example(issue)} ${shapes[String(issue.values.reason)]} at '${issue.values.at}'`,
  'null-keys': ({ line }) => `Line ${line} has keys that are null`,
  'content-parts': (issue) => `${example(issue)} Content part must be of type 'text' or 'image_url'`,
  'two-answers-in-a-row': (issue) => `${example(issue)} follows a message of the assistant`,
  'turns-not-alternating': (issue) => `${example(issue)} Roles must alternate between user and assistant`,
  reasoning: (issue) => reasoningWords(issue),
  'undeclared-tool': (issue) => `${example(issue)} Function '${issue.values.name}' is not among the tools`,
  'legacy-functions': (issue) => `${example(issue)} uses the deprecated functions`,
  'shared-opening': () => 'Most assistant messages begin with the same words',
  'control-characters': (issue) => `${example(issue)} Text holds control characters`,
  'invisible-characters': (issue) => `${example(issue)} Text holds invisible characters`,
  'special-token': (issue) => `${example(issue)} contains the disallowed special token ${issue.values.token}`,
  'html-in-text': (issue) => `${example(issue)} Text holds HTML`,
  placeholder: (issue) => `${example(issue)} Text holds a placeholder`,
  'too-big': ({ values }) => `The ${values.what} is larger than ${values.megabytes} MB`,
  'empty-content': (issue) => `${example(issue)} Content is missing in value`,
  'no-trained-assistant': (issue) =>
    issue.row
      ? `${example(issue)} Every assistant message has weight 0`
      : 'Every assistant message has weight 0',
  'weight-not-0-1': (issue) => `${example(issue)} Weight must be 0 or 1, not ${issue.values.weight}`,
  'tool-call-without-result': (issue) =>
    `${example(issue)} Tool call '${issue.values.id}' must be followed by its tool message`,
  'tool-result-without-call': (issue) =>
    `${example(issue)} Messages with role 'tool' must be a response to a preceding message with 'tool_calls'`,
  'image-part-unsupported': (issue) =>
    `${example(issue)} Content part of type '${issue.values.type}' is not supported`,
  'system-not-first': (issue) => `${example(issue)} System message is not the first`,
  'no-user': (issue) => `${example(issue)} has no message from the user`,
  'over-context': (issue) => cutWords(issue),
  'preference-unsupported': ({ row }) =>
    `Example ${row} is a preference pair, and this model learns from answers only`,
  'tools-unsupported': (issue) =>
    issue.values.what === 'called'
      ? `${example(issue)} Tool calls and function calls are not known to this model`
      : `Example ${issue.row} declares tools, which are not known to this model`,
  'tokens-outlier': (issue) =>
    `${example(issue)} has ${issue.values.tokens} tokens, far more than the others`,
  'array-not-lines': ({ line }) => `Line ${line} begins a JSON array; every line must be one JSON dictionary`,
  'nul-character': (issue) => `${example(issue)} Text holds the character NUL`,
  'number-precision': (issue) => `${example(issue)} Number at '${issue.path}' cannot be represented`,
  'tools-schema': (issue) => toolWords(issue),
  'image-limits': (issue) => imageWords(issue),
  'mixed-methods': ({ values }, file) => methodWords(String(values.found), String(values.method), file),
  'near-duplicate': ({ row, values }) => `Example ${row} nearly repeats line ${values.first}`,
  'same-prompt-two-answers': ({ row, values }) => `Example ${row} answers line ${values.first} differently`,
  'leak-into-heldout': ({ row, values }) =>
    `Example ${row} repeats line ${values.first} of the training file`,
  'system-drift': (issue) => `${example(issue)} System message differs from line ${issue.values.line}`,
  'answer-all-identical': () => 'Every assistant message is the same',
  'answer-repeats-question': (issue) => `${example(issue)} Assistant message repeats the user message`,
  mojibake: (issue) => `${example(issue)} Text was decoded in a wrong encoding`,
  'mixed-language': (issue) => `${example(issue)} is in another language than the others`,
  'secret-or-pii-looking': (issue) => `${example(issue)} Text may hold a secret or personal data`,
  'trailing-space': (issue) => `${example(issue)} Content begins or ends with white space`,
  'bidi-control-chars': (issue) => `${example(issue)} Text holds bidirectional control characters`,
  bom: () => 'File starts with a byte order mark',
  crlf: () => 'Lines end in CRLF',
  'blank-line': ({ line }) => `Line ${line} is blank`,
  duplicate: ({ row, values }) => `Example ${row} repeats line ${values.first}`,
}

/**
 * An issue as OpenAI words it, with the example and the reason.
 * @param purpose which of the job's files it was found in
 * @param file its id, which OpenAI names in one of its sentences
 */
export function asOpenAI(
  issue: Issue,
  purpose: 'training' | 'validation' = 'training',
  file?: string,
): OpenAIProblem {
  const param = `${purpose}_file` as const
  if (issue.rule === 'too-few-rows') {
    const subject = purpose === 'training' ? 'Training' : 'Validation'
    return { code: 'invalid_n_examples', param, message: `${subject} ${invalidFile['too-few-rows'](issue)}` }
  }
  const extra = invalidFormat[issue.rule]
  if (extra) {
    const frame = `The job failed due to a file format error in the ${purpose} file. Invalid file format.`
    return { code: 'invalid_file_format', param, message: `${frame} ${extra(issue)}` }
  }
  const frame = `The job failed due to an invalid ${purpose} file. Invalid file format.`
  const words = invalidFile[issue.rule as keyof typeof invalidFile]
  return { code: `invalid_${purpose}_file`, param, message: `${frame} ${words(issue, file)}` }
}

const encodingNames: Record<Encoding, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little endian)',
  'utf-16be': 'UTF-16 (big endian)',
  'utf-32le': 'UTF-32 (little endian)',
  'utf-32be': 'UTF-32 (big endian)',
  'windows-1256': 'Windows-1256 (Arabic)',
  'windows-1252': 'Windows-1252',
  'windows-1250': 'Windows-1250 (Central European)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  'windows-1253': 'Windows-1253 (Greek)',
  'windows-1254': 'Windows-1254 (Turkish)',
  'windows-1255': 'Windows-1255 (Hebrew)',
  'koi8-r': 'KOI8-R (Cyrillic)',
  macintosh: 'Mac Roman',
  gb18030: 'GB 18030 (Chinese)',
  big5: 'Big5 (Chinese)',
  shift_jis: 'Shift JIS (Japanese)',
  'euc-jp': 'EUC-JP (Japanese)',
  'euc-kr': 'EUC-KR (Korean)',
}

const kindNames: Record<FileKind, string> = {
  gzip: 'packed with gzip: unpack it first',
  zip: 'a ZIP archive: unpack it first',
  archive: 'a packed archive: unpack it first',
  xlsx: 'a spreadsheet: save it as JSONL first',
  numbers: 'a document of Numbers, Pages or Keynote: save it as JSONL first',
  office: 'an Office file: save it as JSONL first',
  document: 'a text document: save it as JSONL first',
  parquet: 'a Parquet file: save it as JSONL first',
  avro: 'an Avro or ORC file: save it as JSONL first',
  arrow: 'an Arrow file: save it as JSONL first',
  sqlite: 'an SQLite database: export it as JSONL first',
  pickle: 'a pickle of Python: save it as JSONL first',
  numpy: 'an array of NumPy, not JSONL',
  weights: 'the weights of a model, not JSONL',
  media: 'a picture, a sound or a film, not JSONL',
  pdf: 'a PDF, not JSONL',
  lfs: 'a Git LFS pointer: run git lfs pull first',
  html: 'a web page, not JSONL',
  xml: 'XML: save it as JSONL first',
  yaml: 'YAML: save it as JSONL first',
  toml: 'TOML: save it as JSONL first',
  notebook: 'a Jupyter notebook, not JSONL',
  mail: 'an e-mail, not JSONL',
  subtitles: 'subtitles, not JSONL',
  binary: 'not a text file',
}

/** A reason that OpenAI's sentence lacks: what kind of file the line comes from. */
function whatItIs(bytes: Uint8Array, first: number): string {
  const kind = first === 1 ? fileKindOf(bytes) : null
  if (kind) return ` The file is ${kindNames[kind]}.`
  const { encoding, certain } = encodingOf(bytes)
  if (encoding === 'utf-8') return ''
  return certain
    ? ` The file is ${encodingNames[encoding]}: save it as UTF-8.`
    : ' The file is not UTF-8: save it as UTF-8.'
}

/**
 * The upload's 400: only a file that is not one JSON object per line is rejected at upload, all other errors fail
 * the job later. Blank lines and a byte order mark at byte 0 are accepted.
 * @param first number of the first line, when `bytes` are whole lines from the middle of a file
 * @returns OpenAI's sentence (type `invalid_request_error`, code and param null), or null when the file is accepted
 */
export function uploadProblem(bytes: Uint8Array, first = 1): string | null {
  if (bytes.length > MAX_FILE_BYTES) return 'Maximum file size is 512 MB'
  for (const line of textLines(bytes, first)) {
    if (isBlank(line.text) || readLine(line).value !== null) continue
    const start = (line.text ?? '\ufffd').slice(0, 3)
    return `Expected file to have JSONL format, where every line is a JSON dictionary. Line ${line.number} is not a dictionary (HINT: line starts with: "${start}...").${whatItIs(bytes, first)}`
  }
  return null
}
