'use client'
import Check from 'lucide-react/icons/check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { cn } from '#components/ui/cn.ts'
import { Time } from '#components/ui/time.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { type Column, isOtherModel } from '#lib/playground/columns.ts'

/** What stands there while no server has named a model. */
const unnamed = (state: Column['state']) =>
  state === 'empty' ? 'notAsked' : state === 'waiting' ? 'asking' : 'reportedNone'

/** Who gave the answer, in the server's own words: the name need not be the one that was asked for. */
export function Provenance({ column: { asked, facts, state } }: { column: Column }) {
  const t = useTranslations('playground')
  const { reportedModel, requestId, answeredAt } = facts
  const other = isOtherModel(asked, reportedModel)
  const words = other ? 'reportedOther' : 'reported'
  return (
    <footer className="mt-auto flex min-h-9 items-center gap-2.5 rounded-b-lg border-t bg-sunken px-4 py-1 text-3 text-meta sm:px-5">
      {other && <TriangleAlert size={14} aria-hidden className="shrink-0 text-warn-dot" />}
      {!other && reportedModel && <Check size={14} aria-hidden className="shrink-0 text-ok" />}
      <span className={cn('whitespace-nowrap', other ? 'text-warn' : reportedModel && 'hidden @md:inline')}>
        {t(reportedModel ? words : unnamed(state))}
      </span>
      {reportedModel && (
        <bdi dir="ltr" title={reportedModel} className="min-w-0 truncate font-mono">
          {shortName(reportedModel)}
        </bdi>
      )}
      {requestId && (
        <span className="hidden @lg:inline">
          <TruncatedId id={requestId} head={12} tail={2} />
        </span>
      )}
      {answeredAt && <Time at={answeredAt} as="clock" className="ms-auto tabular-nums" />}
    </footer>
  )
}
