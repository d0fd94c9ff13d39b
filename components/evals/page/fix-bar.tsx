'use client'
import { useQuery } from '@tanstack/react-query'
import Diff from 'lucide-react/icons/diff'
import Wrench from 'lucide-react/icons/wrench'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { Kbd } from '#components/ui/kbd.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { fixesQuery } from '#lib/evals/queries.ts'
import type { EvalPage, EvalRow, Fixes } from '#lib/evals/schema.ts'

/** The job whose settings are used to train on the corrected rows. */
const runOf = ({ jobId, columns }: EvalPage): string | null =>
  jobId ?? columns.findLast((column) => column.jobId !== null)?.jobId ?? null

/** Link to the new-job form with the corrected rows and, if known, the settings of the previous job. */
function launchAddress(page: EvalPage): string {
  const query = new URLSearchParams({ dataset: page.datasetId })
  const run = runOf(page)
  const base = page.columns.find(({ kind }) => kind === 'base')
  if (run) query.set('from', run)
  else if (base) query.set('model', base.model)
  return `/jobs/new?${query}`
}

function FixesWords({ fixes }: { fixes: Fixes }) {
  const t = useTranslations('evals.page')
  const { version, next, fixes: count } = fixes
  return (
    <bdi className="font-medium text-1 tabular-nums">
      {t('fixes', { base: version === null ? 'none' : 'some', version: version ?? 0, next, count })}
    </bdi>
  )
}

/** Result of the corrections so far, and the link to train on them. */
function FixStatus({ page }: { page: EvalPage }) {
  const t = useTranslations('evals.page')
  const { data } = useQuery(fixesQuery(page.datasetId))
  if (!data || data.fixes === 0) return <p className="text-3 text-meta">{t('barHint')}</p>
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <p role="status" className="text-2">
        <FixesWords fixes={data} />: {t('launchAsk')}
      </p>
      <LinkButton size="sm" variant="primary" href={launchAddress(page)}>
        {t('launch')}
      </LinkButton>
      {runOf(page) && <span className="hidden text-3 text-meta sm:inline">{t('launchLike')}</span>}
    </div>
  )
}

/** Why there is nothing to correct; null if there is. */
export function whyNoFix(row: EvalRow | null): 'none' | 'passed' | 'waiting' | null {
  if (!row) return 'none'
  const counted = row.cells.filter(({ passed }) => passed !== null)
  if (counted.some(({ passed }) => !passed)) return null
  if (row.cells.some(({ grades, passed }) => grades !== null && passed === null)) return null
  return counted.length === 0 ? 'waiting' : 'passed'
}

interface FixBarProps {
  page: EvalPage
  row: EvalRow | null
  diff: boolean
  onDiff: () => void
  onFix: () => void
}

/** The corrections so far, and display options for the row. */
export function FixBar({ page, row, diff, onDiff, onFix }: FixBarProps) {
  const t = useTranslations('evals.page')
  const why = whyNoFix(row)
  return (
    <section
      aria-label={t('bar')}
      data-action-bar=""
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-t bg-surface px-(--gutter) py-2.5"
    >
      <FixStatus page={page} />
      <span className="flex flex-wrap items-center gap-1 sm:ms-auto">
        <span className="me-2 hidden items-center gap-1 text-3 text-meta sm:inline-flex">
          <Kbd>J</Kbd>
          <Kbd>K</Kbd>
          {t('keysHint')}
        </span>
        <Button
          size="sm"
          variant="ghost"
          icon={<Diff size={16} aria-hidden />}
          hotkey="D"
          data-hotkey="d"
          aria-keyshortcuts="d"
          aria-pressed={diff}
          title={t('diffHint')}
          className={cn(diff && 'bg-selected')}
          onClick={onDiff}
        >
          {t('diff')}
        </Button>
        <Button
          size="sm"
          variant="ghost"
          icon={<Wrench size={16} aria-hidden />}
          hotkey="F"
          data-hotkey="f"
          aria-keyshortcuts="f"
          disabled={why !== null}
          reason={why === null ? undefined : t(`fixWhy.${why}`)}
          onClick={onFix}
        >
          {t('fix')}
        </Button>
      </span>
    </section>
  )
}
