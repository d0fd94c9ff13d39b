import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { fixableRules } from '#lib/training-data/fix/fixer.ts'
import { ruleIds } from '#lib/training-data/issue.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import { reportOf } from '../../support/rule-files.ts'
import { ruleDocFiles, rulesDoc } from '../../support/rules-doc.ts'

describe('the documentation of rules', () => {
  it('has every rule once, with its texts', () => {
    expect(ruleDocs.map(({ id }) => id).sort()).toEqual([...ruleIds].sort())
    expect(Object.keys(en.rules).sort()).toEqual([...ruleIds].sort())
    expect(Object.keys(en.ruleTitles).sort()).toEqual([...ruleIds].sort())
    expect(Object.keys(en.ruleWhy).sort()).toEqual([...ruleIds].sort())
  })

  it.each(ruleDocs)('$id finds an issue in its bad example, and no rule in the good one', (entry) => {
    const { issues, byRule } = reportOf(entry, 'bad')
    expect(byRule[entry.id]).toBeGreaterThan(0)
    const own = issues.find(({ rule }) => rule === entry.id)
    if (entry.severity !== 'either') expect(own?.severity).toBe(entry.severity)
    const worse = issues.filter(({ rule, severity }) => rule !== entry.id && severity === 'error')
    expect(worse).toEqual([])
    expect(reportOf(entry, 'good').byRule).toEqual({})
  })

  it.each(ruleDocs)('why $id matters is explained in whole sentences', ({ id }) => {
    expect(en.ruleWhy[id]).toMatch(/^[A-Z].{40,}\.$/)
  })

  it.each(ruleDocs)('$id is fixed by hand only if it has no automatic fix', ({ id, repair }) => {
    expect(fixableRules.has(id)).toBe(repair !== 'by hand')
  })
})

it.each(['en', 'ar'] as const)('the document in %s is up to date (npm run rules)', (language) => {
  expect(readFileSync(ruleDocFiles[language], 'utf8')).toBe(rulesDoc(language))
})
