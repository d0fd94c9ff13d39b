import { readdirSync, readFileSync } from 'node:fs'
import type { CheckOptions } from '#lib/training-data/check.ts'
import { Fixer } from '#lib/training-data/fix/fixer.ts'
import type { RuleId } from '#lib/training-data/issue.ts'
import { textLines } from '#lib/training-data/jsonl.ts'
import { validateLines } from '#lib/training-data/validate.ts'

/** Files that people who fine-tune really struggled with, by their number. */
const folder = new URL('../fixtures/field/', import.meta.url)
const names = readdirSync(folder)
export function textOf(id: string): string {
  const name = names.find((one) => one.startsWith(`${id}-`))
  return readFileSync(new URL(name ?? id, folder), 'utf8')
}

export const reportOf = (text: string, options: CheckOptions = {}) =>
  validateLines(new TextEncoder().encode(text), { minimumRows: 1, ...options })

/** Lines of each rule, warnings in brackets. */
export function verdict(text: string, options?: CheckOptions): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  for (const { rule, severity, line } of reportOf(text, options).issues) {
    const name = severity === 'error' ? rule : `(${rule})`
    found[name] ??= []
    found[name].push(line)
  }
  return found
}

/** The file's rows behind a repair. */
export function mended(text: string, rules: readonly RuleId[], how: string | null = null): string[] {
  const fixer = new Fixer(new Set(rules), how)
  const lines = [...textLines(new TextEncoder().encode(text))]
  const edits = [...lines.flatMap((line) => fixer.add(line)), ...fixer.finish()]
  const result = lines.map(({ text: line }) => [line ?? ''])
  for (const { from, count, lines: texts } of edits)
    result.splice(from, count, texts, ...Array(count - 1).fill([]))
  return result.flat()
}
export const contentsOf = (line: string) =>
  (JSON.parse(line).messages as { content: unknown }[]).map(({ content }) => content)

export const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
