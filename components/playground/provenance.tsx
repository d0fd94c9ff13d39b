'use client'
import Check from 'lucide-react/icons/check'
import Info from 'lucide-react/icons/info'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { cn } from '#components/ui/cn.ts'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Popover } from '#components/ui/popover.tsx'
import { Time } from '#components/ui/time.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { type Column, isOtherModel } from '#lib/playground/columns.ts'

/** Placeholder while the server has not reported a model. */
const unnamed = (state: Column['state']) =>
  state === 'empty' ? 'notAsked' : state === 'waiting' ? 'asking' : 'reportedNone'

const Id = ({ children }: { children: string | null | undefined }) =>
  children ? (
    <bdi dir="ltr" className="font-mono" title={children}>
      {children}
    </bdi>
  ) : (
    '–'
  )

/** All details about the origin of an answer. */
function Stamp({ column: { name, facts } }: { column: Column }) {
  const { count } = useFormat()
  const t = useTranslations('playground.stamp')
  const nameOf = useProviderName()
  return (
    <Popover
      label={t('title')}
      trigger={
        <IconButton size="sm" label={t('title')}>
          <Info size={14} aria-hidden />
        </IconButton>
      }
    >
      <div className="-m-4">
        <Facts>
          <Fact label={t('requested')}>
            <Id>{name?.model}</Id>
          </Fact>
          <Fact label={t('reported')}>
            <Id>{facts.reportedModel}</Id>
          </Fact>
          <Fact label={t('provider')}>{name ? nameOf(name.providerId) : '–'}</Fact>
          <Fact label={t('request')}>
            <Id>{facts.requestId}</Id>
          </Fact>
          <Fact label={t('fingerprint')}>
            <Id>{facts.fingerprint}</Id>
          </Fact>
          <Fact label={t('promptHash')}>
            <Id>{facts.promptHash}</Id>
          </Fact>
          <Fact label={t('cached')}>{count(facts.cachedTokens ?? null)}</Fact>
          <Fact label={t('at')}>{facts.answeredAt ? <Time at={facts.answeredAt} as="clock" /> : '–'}</Fact>
        </Facts>
      </div>
    </Popover>
  )
}

/** The model name as reported by the server: it may differ from the requested one. */
export function Provenance({ column }: { column: Column }) {
  const { name, facts, state } = column
  const t = useTranslations('playground')
  const { reportedModel, requestId, answeredAt } = facts
  const other = isOtherModel(name?.model ?? null, reportedModel)
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
      <span className="ms-auto flex items-center gap-1">
        {answeredAt && <Time at={answeredAt} as="clock" className="tabular-nums" />}
        {answeredAt && <Stamp column={column} />}
      </span>
    </footer>
  )
}
