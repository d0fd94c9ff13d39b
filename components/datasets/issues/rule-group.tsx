'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dot } from '#components/ui/dot.tsx'
import type { BulkChange } from '#lib/datasets/schema.ts'
import { type Issue, REMOVE, type RuleId } from '#lib/training-data/issue.ts'
import { type RuleGroup as Group, hasPlace } from './grouped.ts'
import { issueKey, useIssueWords } from './issue-words.ts'
import { Places } from './places.tsx'
import { Drift } from './system-prompt-drift.tsx'

/** Rules whose issue is that a later row repeats an earlier one. */
const COPIES: ReadonlySet<RuleId> = new Set<RuleId>(['duplicate', 'near-duplicate'])

export interface RuleGroupProps {
  datasetId: string
  group: Group
  /** The most frequent system prompt. */
  usualSystem: string | null
  /** Why changes are not possible now. */
  refused: string | null
  onGoTo: (issue: Issue) => void
  onFilter: (rule: RuleId) => void
  onChange: (change: BulkChange) => void
}

/** A message and its locations. */
function Case({ issues, onGoTo }: { issues: readonly Issue[]; onGoTo: (issue: Issue) => void }) {
  const words = useIssueWords()
  const [first] = issues
  const places = issues.filter(hasPlace)
  return (
    <>
      {first && (
        <p dir="auto" className="wrap-anywhere text-2">
          {words(first)}
        </p>
      )}
      {places.length > 0 && <Places issues={places} onGoTo={onGoTo} />}
    </>
  )
}

type ActionName = 'discard' | 'makeEqual' | 'fix' | 'pairs' | 'keep' | 'mask' | 'strip' | 'remove'

interface Action {
  name: ActionName
  change: BulkChange
  /** Number of issues that the action resolves. */
  count: number
  /** The key that the action removes. */
  key: string
}

/** Variants of a fix: for reasoning, the user must choose what to do with it. `keep` leaves the rows mixed. */
const waysOf = (repair: string): readonly ActionName[] => {
  if (repair === 'reasoning') return ['keep', 'mask', 'strip']
  if (repair === 'reasoning-mixed') return ['mask', 'strip']
  return repair.startsWith(REMOVE) ? ['remove'] : repair === 'pairs' ? ['pairs'] : ['fix']
}

/** One variant may fix several kinds of issues of a rule. */
const joined = ([first, ...others]: Action[]): Action => {
  const one = first as Action
  return { ...one, count: others.reduce((sum, { count }) => sum + count, one.count) }
}

/** Actions for all rows with issues of a rule; empty if none of them can be fixed. */
function actionsFor({ rule, count, repairs }: Group, usualSystem: string | null): Action[] {
  if (COPIES.has(rule)) return [{ name: 'discard', change: { kind: 'discard', rule }, count, key: '' }]
  if (rule === 'system-drift' && usualSystem !== null)
    return [{ name: 'makeEqual', change: { kind: 'system', from: null, to: usualSystem }, count, key: '' }]
  const ways = Object.entries(repairs).flatMap(([repair, mended]) =>
    waysOf(repair).map((name): Action => {
      const how = name === 'fix' ? undefined : name === 'remove' ? repair : name
      const key = name === 'remove' ? repair.slice(REMOVE.length) : ''
      return { name, change: { kind: 'fix', rules: [rule], how }, count: mended, key }
    }),
  )
  return [...Map.groupBy(ways, ({ name, key }) => `${name} ${key}`).values()].map(joined)
}

function Actions({ group, usualSystem, refused, onFilter, onChange }: RuleGroupProps) {
  const t = useTranslations('issues')
  const actions = actionsFor(group, usualSystem)
  const several = group.rows === null || group.rows > 1
  if (actions.length === 0 && !several) return null
  return (
    <p className="mt-0.5 flex flex-wrap items-center gap-2">
      {actions.map(({ name, change, count, key }) => (
        <Button
          key={`${name} ${key}`}
          size="sm"
          disabled={refused !== null}
          reason={refused}
          onClick={() => onChange(change)}
        >
          {t(name, { count, key })}
        </Button>
      ))}
      {several && (
        <Button size="sm" variant="ghost" onClick={() => onFilter(group.rule)}>
          {t('showAll', { count: group.rows ?? 0 })}
        </Button>
      )}
    </p>
  )
}

/** All issues of one rule: locations, why it matters, and available fixes. */
export function RuleGroup(props: RuleGroupProps) {
  const { datasetId, group, usualSystem, onGoTo } = props
  const { rule, severity, count, cases } = group
  const t = useTranslations('issues')
  const why = useTranslations('ruleWhy')
  const titles = useTranslations('ruleTitles')
  return (
    <li className="grid gap-2 border-b px-4 py-3">
      <h3 className="flex min-w-0 items-baseline gap-x-2">
        <Dot tone={severity === 'error' ? 'bad' : 'warn'} />
        <span className="sr-only">{t(severity)}</span>
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
          <span className="font-semibold">{titles(rule)}</span>
          <bdi dir="ltr" className="wrap-anywhere font-mono text-3 text-micro">
            {rule}
          </bdi>
        </span>
        <span className="font-mono text-3 text-meta tabular-nums">{count}</span>
      </h3>
      {cases.map((issues) => (
        <Case key={issues[0] && issueKey(issues[0])} issues={issues} onGoTo={onGoTo} />
      ))}
      {rule === 'system-drift' && usualSystem !== null && (
        <Drift datasetId={datasetId} issues={cases.flat()} usual={usualSystem} />
      )}
      {why.has(rule) && (
        <details>
          <summary className="w-fit cursor-pointer rounded-xs text-3 text-meta hover:text-1">
            {t('why')}
            <span className="sr-only"> {titles(rule)}</span>
          </summary>
          <p className="mt-1 text-2 text-meta">{why(rule)}</p>
        </details>
      )}
      <Actions {...props} />
    </li>
  )
}
