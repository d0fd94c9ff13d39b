'use client'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import Scale from 'lucide-react/icons/scale'
import Trash from 'lucide-react/icons/trash-2'
import { useRouter } from 'next/navigation'
import { memo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { State } from '#components/ui/state.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { domain } from '#lib/domain/domain.ts'
import {
  forgetComparisonMutation,
  historyQuery,
  keepPreferencesMutation,
  preferencesAddress,
} from '#lib/playground/queries.ts'
import type { Comparison, Name } from '#lib/playground/schema.ts'
import { useSideNames } from './names.ts'
import { NeededWords } from './win-rate.tsx'

type Filter = 'all' | 'different' | 'open'

const textsOf = ({ answers }: Comparison) =>
  new Set(answers.filter(({ sample }) => sample === 0).map(({ text }) => text.trim()))

const fits: Record<Filter, (comparison: Comparison) => boolean> = {
  all: () => true,
  different: (comparison) => textsOf(comparison).size > 1,
  open: ({ votes, panes }) => votes.length === 0 && panes.length > 1,
}

/** State and tokens of each pane's first answer. */
function Answers({ comparison }: { comparison: Comparison }) {
  const t = useTranslations('playground')
  const names = useSideNames(comparison.panes.map(({ name }) => name))
  const { answers } = comparison
  return (
    <span className="flex flex-wrap gap-x-4">
      {comparison.panes.map((_, place) => {
        const answer = answers.find((one) => one.place === place && one.sample === 0)
        const lines = answer ? domain.linesOf(answer.text, true) : null
        const whole = answer?.state === 'finished'
        const words = !answer
          ? t('state.stopped')
          : lines
            ? t('parts', { count: lines.length })
            : t(`state.${answer.state}`)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer is identified by its index
          <State key={place} quiet tone={whole ? 'ok' : 'warn'} kind={whole ? 'full' : 'ring'}>
            {names[place]}: {words}
          </State>
        )
      })}
    </span>
  )
}

function VoteWords({ comparison }: { comparison: Comparison }) {
  const t = useTranslations('playground')
  const names = useSideNames(comparison.panes.map(({ name }): Name => name))
  const [vote] = comparison.votes
  if (!vote) return <>{comparison.hidden ? t('earlier.hidden') : '–'}</>
  const words = vote.winner === null ? t('bar.tie') : names[vote.winner]
  return (
    <>
      {words}
      {vote.blind && <span className="text-3"> ({t('earlier.blind')})</span>}
    </>
  )
}

interface RowProps {
  comparison: Comparison
  shown: boolean
  onRestore: () => void
  onForget: () => void
}

function Row({ comparison, shown, onRestore, onForget }: RowProps) {
  const t = useTranslations('playground.earlier')
  return (
    <Tr selected={shown}>
      <Td className="max-w-72 max-sm:w-full max-sm:max-w-0">
        <button
          type="button"
          onClick={onRestore}
          aria-label={`${t('restore')}: ${comparison.question.prompt.slice(0, 80)}`}
          className="block max-w-full truncate rounded-xs text-start font-medium hover:underline"
        >
          <bdi>{comparison.question.prompt}</bdi>
        </button>
      </Td>
      <Td className="hidden sm:table-cell">
        <Answers comparison={comparison} />
      </Td>
      <Td>
        <VoteWords comparison={comparison} />
      </Td>
      <Td quiet align="end" className="hidden sm:table-cell">
        <Time at={comparison.at} />
      </Td>
      <Td align="end" className="w-px">
        <IconButton size="sm" label={t('forget')} onClick={onForget}>
          <Trash size={14} aria-hidden />
        </IconButton>
      </Td>
    </Tr>
  )
}

/** Exports votes as a file, or as a new dataset. */
function Preferences({ job }: { job: string | undefined }) {
  const t = useTranslations('playground.earlier')
  const toast = useToast()
  const router = useRouter()
  const { mutate, error, isPending } = useMutation({
    ...keepPreferencesMutation(),
    onSuccess: ({ id, rows }) =>
      toast({
        text: t('made', { rows }),
        action: { label: t('open_'), onPress: () => router.push(`/datasets/${id}`) },
      }),
  })
  const file = (format: 'openai' | 'trl' | 'csv') => ({
    label: t(format),
    href: preferencesAddress({ format, job }),
    download: true,
  })
  return (
    <>
      {error && <Failure error={error} />}
      <Menu
        label={t('preferences')}
        trigger={
          <Button size="sm" icon={<Scale size={14} aria-hidden />} busy={isPending} busyLabel={t('loading')}>
            {t('preferences')}
          </Button>
        }
        items={[
          { label: t('toDataset'), onSelect: () => mutate({ name: t('datasetName'), job }) },
          null,
          file('openai'),
          file('trl'),
          file('csv'),
        ]}
      />
    </>
  )
}

interface EarlierProps {
  names: readonly Name[]
  /** Id of the visible comparison. */
  shown: string | undefined
  onRestore: (comparison: Comparison) => void
  /** Id of the job, by which votes are filtered. */
  job: string | undefined
}

/** Saved comparisons, which can be shown again, and the export of votes. */
export const Earlier = memo(function Earlier({ names, shown, onRestore, job }: EarlierProps) {
  const t = useTranslations('playground.earlier')
  const toast = useToast()
  const [filter, setFilter] = useState<Filter>('all')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    historyQuery(),
  )
  const forget = useMutation({
    ...forgetComparisonMutation(),
    onSuccess: () => toast({ text: t('forgotten') }),
  })
  const all = data?.pages.flatMap(({ comparisons }) => comparisons) ?? []
  const rows = all.filter(fits[filter])
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={<NeededWords names={names} />}>
        <Preferences job={job} />
        <Segmented
          label={t('filter')}
          value={filter}
          onValueChange={setFilter}
          options={(['all', 'different', 'open'] as const).map((value) => ({ value, label: t(value) }))}
        />
      </PanelHead>
      {(error ?? forget.error) && (
        <Failure error={error ?? forget.error} onRetry={() => refetch()} className="m-3" />
      )}
      {rows.length === 0 ? (
        <p className="px-4 py-3 text-3 text-meta">{t(all.length === 0 ? 'empty' : 'noneSo')}</p>
      ) : (
        <Table caption={t('caption')} compact>
          <thead>
            <tr>
              <Th>{t('prompt')}</Th>
              <Th className="hidden sm:table-cell">{t('answers')}</Th>
              <Th>{t('vote')}</Th>
              <Th align="end" className="hidden sm:table-cell">
                {t('when')}
              </Th>
              <Th>
                <span className="sr-only">{t('forget')}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((comparison) => (
              <Row
                key={comparison.id}
                comparison={comparison}
                shown={comparison.id === shown}
                onRestore={() => onRestore(comparison)}
                onForget={() => forget.mutate(comparison.id)}
              />
            ))}
          </tbody>
        </Table>
      )}
      {hasNextPage && (
        <div className="border-t p-2">
          <Button
            size="sm"
            variant="ghost"
            busy={isFetchingNextPage}
            busyLabel={t('loading')}
            onClick={() => fetchNextPage()}
          >
            {t('more')}
          </Button>
        </div>
      )}
    </Panel>
  )
})
