'use client'
import Check from 'lucide-react/icons/check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useTranslations } from 'use-intl'
import { Time } from '#components/ui/time.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { type Column, isOtherModel } from '#lib/playground/columns.ts'

/** Who gave the answer, in the server's own words: the name need not be the one that was asked for. */
export function Provenance({ column: { asked, facts } }: { column: Column }) {
  const t = useTranslations('playground')
  const { reportedModel, requestId, answeredAt } = facts
  const other = isOtherModel(asked, reportedModel)
  const words = other
    ? 'reportedOther'
    : reportedModel
      ? 'reported'
      : answeredAt
        ? 'reportedNone'
        : 'notAsked'
  return (
    <footer className="flex min-h-9 items-center gap-2.5 rounded-b-lg border-t bg-sunken px-4 py-1 text-3 text-meta sm:px-5">
      {other && <TriangleAlert size={14} aria-hidden className="shrink-0 text-warn-dot" />}
      {!other && reportedModel && <Check size={14} aria-hidden className="shrink-0 text-ok" />}
      <span className={other ? 'text-warn' : 'hidden sm:inline'}>{t(words)}</span>
      {reportedModel && (
        <bdi dir="ltr" title={reportedModel} className="min-w-0 truncate font-mono">
          {reportedModel}
        </bdi>
      )}
      {requestId && (
        <span className="hidden sm:inline">
          <TruncatedId id={requestId} head={12} tail={2} />
        </span>
      )}
      {answeredAt && <Time at={answeredAt} as="clock" className="ms-auto tabular-nums" />}
    </footer>
  )
}
