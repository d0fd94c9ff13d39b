/**
 * `npm run --silent check-data -- FILE [--for DESTINATION] [--context TOKENS] [--json]`: the editor's check of a file,
 * with line and column. Exit code 0: no error; 1: errors; 2: it could not be read.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { checkFile, type FileReport, type FileTarget, faultOf } from '#lib/datasets/check-file.ts'
import type { Refusal } from '#lib/datasets/schema.ts'
import { translate } from '#lib/i18n/translate.ts'
import { tokensWithin } from '#lib/tokens/chat.ts'
import { countTokens } from '#lib/tokens/count.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { sentenceKey } from '#lib/training-data/sentence-key.ts'
import { type TargetName, targets } from '#lib/training-data/targets.ts'
import { openEngineReader } from './engine-reader.ts'

const USAGE = `Usage: npm run --silent check-data -- FILE [--for ${Object.keys(targets).join('|')}] [--context TOKENS] [--json]`

interface Asked {
  file: string
  name: TargetName | null
  /** Overrides the destination's own. */
  context: number | null
  json: boolean
}

const isTarget = (name: string): name is TargetName => Object.hasOwn(targets, name)

/** @throws Error with the usage */
function askedFor(args: string[]): Asked {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      for: { type: 'string' },
      context: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new Error(USAGE)
  const name = values.for ?? null
  if (name !== null && !isTarget(name)) throw new Error(`There is no destination "${name}".\n${USAGE}`)
  const context = values.context === undefined ? null : Number(values.context)
  if (context !== null && !(Number.isInteger(context) && context > 0))
    throw new Error(`--context takes a number of tokens.\n${USAGE}`)
  return { file, name, context, json: values.json }
}

// npm runs this in the project's folder; the path is relative to the caller's folder.
const placeOf = (file: string): string => path.resolve(process.env.INIT_CWD ?? '', file)

const rules = translate('rules') as unknown as (key: string, facts: Issue['values']) => string
const problems = translate('imports.problems')

const wordsOf = (issue: Issue): string =>
  rules(sentenceKey(issue), { line: issue.line, column: issue.column, ...issue.values })

const refusalWords = ({ problem, values }: Refusal): string =>
  problems.has(problem as 'not-json')
    ? problems(problem as 'not-json', values)
    : problems('other', { problem })

const withWords = (refusal: Refusal) => ({ ...refusal, message: refusalWords(refusal) })

/** Errors of the checks, and records that cannot become rows. */
const errorsOf = ({ report, refusedCount }: FileReport): number =>
  report.train.errors + report.heldout.errors + refusedCount

const several = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** Fields that no row holds, an encoding that is a guess, and all other warnings of the checks. */
const warningsOf = ({ report, doubtedCount, left, certain }: FileReport): number =>
  report.train.warnings + report.heldout.warnings + doubtedCount + undecided(left).length + (certain ? 0 : 1)

const undecided = (left: FileReport['left']) => left.filter(({ differs, isId }) => differs && !isId)

/** How the file was read, if its lines are not rows already. */
function readingWords({ plan }: FileReport): string {
  const { mapping, encoding, packed } = plan
  const ways = [mapping.shape === 'lines' ? null : mapping.shape, encoding, packed].filter(Boolean)
  return ways.length > 0 ? `, read as ${ways.join(', ')}` : ''
}

const encodingName = ({ encoding = 'utf-8' }: FileReport['plan']): string =>
  translate('imports.encoding')(encoding)

function printLines({ file, name }: Asked, found: FileReport): void {
  const { report, refused, refusedCount, doubted, left } = found
  const examples = report.train.examples + report.heldout.examples
  const warnings = warningsOf(found)
  if (!found.certain)
    console.log(
      `${file}: warning encoding: ${translate('imports.encoding')('guessed', { name: encodingName(found.plan) })}`,
    )
  for (const refusal of refused)
    console.log(`${file}:${refusal.line}:1 error refused: ${refusalWords(refusal)}`)
  for (const doubt of doubted) console.log(`${file}:${doubt.line}:1 warning doubted: ${refusalWords(doubt)}`)
  for (const leftover of left) {
    const { path: field, count, sample } = leftover
    console.log(
      `${file}: ${undecided([leftover]).length > 0 ? 'warning' : 'note'} left-out: ${several(count, 'record')} with “${field}”, such as: ${sample}`,
    )
  }
  for (const issue of report.issues)
    console.log(`${file}:${issue.line}:${issue.column} ${issue.severity} ${issue.rule}: ${wordsOf(issue)}`)
  const told =
    refused.length + doubted.length + undecided(left).length + report.issues.length + (found.certain ? 0 : 1)
  const all = errorsOf(found) + warnings
  if (all > told) console.log(`${file}: and ${all - told} more`)
  const refusals = refusedCount > 0 ? `, ${several(refusedCount, 'record')} refused` : ''
  console.log(
    `${file}: ${several(examples, 'row')}${readingWords(found)}${refusals}, ${several(errorsOf(found), 'error')}, ${several(warnings, 'warning')}${name ? ` for ${name}` : ''}`,
  )
}

function printJson({ file, name }: Asked, found: FileReport): void {
  const { plan, report, refused, doubted } = found
  const { train, heldout } = report
  const issues = report.issues.map((issue) => ({ ...issue, message: wordsOf(issue) }))
  const told = {
    file,
    for: name,
    read: {
      container: plan.container,
      shape: plan.mapping.shape,
      encoding: plan.encoding ?? 'utf-8',
      encodingCertain: found.certain,
      packed: plan.packed ?? null,
    },
    complete: found.complete,
    rows: train.examples + heldout.examples,
    heldOut: heldout.examples,
    tokens: train.tokens,
    trainedTokens: train.trainedTokens,
    errors: errorsOf(found),
    warnings: warningsOf(found),
    byRule: report.byRule,
    issues,
    refused: refused.map(withWords),
    refusedCount: found.refusedCount,
    doubted: doubted.map(withWords),
    doubtedCount: found.doubtedCount,
    leftOut: found.left,
    notes: found.notes,
  }
  console.log(JSON.stringify(told, null, 2))
}

async function check(asked: Asked): Promise<number> {
  const { file, name, context } = asked
  const fault = faultOf(placeOf(file))
  if (fault) throw new Error(`${file}: ${translate('imports.fault')(fault)}`)
  const engine = name === 'engine' ? openEngineReader() : null
  const usual = name && targets[name]
  const destination: FileTarget | null = usual && {
    target: { ...usual, context: context ?? usual.context },
    read: engine?.read ?? ((example, limit) => tokensWithin(example, limit, countTokens)),
  }
  try {
    const found = await checkFile(placeOf(file), destination)
    if (asked.json) printJson(asked, found)
    else printLines(asked, found)
    return errorsOf(found) > 0 ? 1 : 0
  } finally {
    engine?.close()
  }
}

try {
  process.exitCode = await check(askedFor(process.argv.slice(3)))
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown))
  process.exitCode = 2
}
