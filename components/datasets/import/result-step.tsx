'use client'
import { useTranslations } from 'use-intl'
import { Panel } from '#components/ui/panel.tsx'
import { State } from '#components/ui/state.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import type { Imported } from '#lib/datasets/queries.ts'
import type { Refusal } from '#lib/datasets/schema.ts'
import { DatasetState } from '../dataset-state.tsx'
import { useProblemWords } from './issue-words.ts'
import { NoteLines } from './note-lines.tsx'
import type { Finished } from './use-run.ts'

const SHOWN = 20

/** Catalogue key of the verdict. */
function verdictOf({ state, train, heldout }: Imported['dataset']): 'blocked' | 'warnings' | 'ready' {
  if (state === 'blocked') return 'blocked'
  return train.warnings + heldout.warnings > 0 ? 'warnings' : 'ready'
}

interface NamedRecordsProps {
  records: readonly Refusal[]
  total: number
  title: string
  sentence: string
}

/** Records by line number, each with its message. */
function NamedRecords({ records, total, title, sentence }: NamedRecordsProps) {
  const t = useTranslations('imports.done')
  const words = useProblemWords()
  const shown = records.slice(0, SHOWN)
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">{title}</h3>
      <p className="max-w-[72ch] text-2">{sentence}</p>
      <Panel>
        <Table compact caption={t('recordTable')}>
          <thead>
            <tr>
              <Th align="end">{t('line')}</Th>
              <Th>{t('why')}</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((refusal, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line may hold several records
              <Tr key={index}>
                <Td align="end" quiet className="w-px">
                  {refusal.line}
                </Td>
                <Td className="wrap-anywhere whitespace-normal! py-1.5!">{words(refusal)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Panel>
      {total > shown.length && <p className="text-3">{t('more', { count: total - shown.length })}</p>}
    </section>
  )
}

/** Fields of the file that no row contains, counted over the whole file. */
function LeftOut({ left }: Pick<Imported, 'left'>) {
  const t = useTranslations('imports.done')
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">{t('left')}</h3>
      <Panel>
        <Table compact caption={t('leftTable')}>
          <thead>
            <tr>
              <Th>{t('field')}</Th>
              <Th align="end">{t('records')}</Th>
              <Th>{t('sample')}</Th>
            </tr>
          </thead>
          <tbody>
            {left.map(({ path, count, sample }) => (
              <Tr key={path}>
                <Td className="font-mono text-meta">
                  <bdi>{path}</bdi>
                </Td>
                <Td align="end">{count}</Td>
                <Td className="wrap-anywhere whitespace-normal! py-1.5!">
                  <span dir="auto" className="people-text line-clamp-2">
                    {sample}
                  </span>
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Panel>
    </section>
  )
}

/** Whether the imported dataset can be trained. Never says "ready" while the import is incomplete. */
function Verdict({ imported: { dataset, refusedCount, complete } }: { imported: Imported }) {
  const t = useTranslations('imports.done')
  const { train, heldout, state } = dataset
  if (!complete) return <State tone="bad">{t('incomplete')}</State>
  if (state === 'empty') return null
  if (refusedCount > 0 && state === 'ready') {
    return (
      <>
        <State tone="bad">{t('missing', { count: refusedCount })}</State>
        <p className="max-w-[72ch] text-2">{t('partial')}</p>
      </>
    )
  }
  return (
    <>
      <DatasetState
        state={state}
        errors={train.errors + heldout.errors}
        warnings={train.warnings + heldout.warnings}
      />
      <p className="max-w-[72ch] text-2">{t(verdictOf(dataset))}</p>
    </>
  )
}

/** What was imported, what was refused and why, and whether the dataset can be trained. */
export function ResultStep({ imported }: { imported: Finished }) {
  const t = useTranslations('imports.done')
  const { dataset, added, blank, refused, refusedCount, doubted, doubtedCount, left, notes, isShort } =
    imported
  const { name, train, heldout } = dataset
  return (
    <div className="grid max-w-3xl gap-5">
      <div role="status" className="grid justify-items-start gap-2">
        <h3 className="text-section">{t('title', { added })}</h3>
        <p className="text-2">{t('into', { name, train: train.examples, heldout: heldout.examples })}</p>
        {isShort && <p className="text-2">{t('short', { heldout: heldout.examples, rows: added })}</p>}
        {blank > 0 && <p className="text-2">{t('blank', { count: blank })}</p>}
        <Verdict imported={imported} />
      </div>
      {refusedCount > 0 && (
        <NamedRecords
          records={refused}
          total={refusedCount}
          title={t('refused', { count: refusedCount })}
          sentence={t('refusedSentence')}
        />
      )}
      {doubtedCount > 0 && (
        <NamedRecords
          records={doubted}
          total={doubtedCount}
          title={t('doubted', { count: doubtedCount })}
          sentence={t('doubtedSentence')}
        />
      )}
      {left.length > 0 && <LeftOut left={left} />}
      <NoteLines notes={notes} />
    </div>
  )
}
