'use client'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Alias, AliasChange, ModelRef } from '#lib/models/schema.ts'
import { ModelName } from './model-name.tsx'

function End({ target }: { target: ModelRef | null }) {
  const t = useTranslations('aliases')
  return target ? <ModelName id={target.model} /> : <span className="text-3">{t('nothing')}</span>
}

/** The old and the new model; the kind of change is also text, for screen readers. */
function Turn({ change: { kind, from, to } }: { change: AliasChange }) {
  const t = useTranslations('aliases')
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      <span className="text-2">{t(`kind.${kind}`)}</span>
      {from && (
        <>
          <End target={from} />
          <span className="text-3 rtl:-scale-x-100" aria-hidden="true">
            →
          </span>
        </>
      )}
      <End target={to} />
    </span>
  )
}

interface AliasHistoryProps {
  alias: Alias
  onClose: () => void
}

/** The changes of an alias: target, author, time and reason. */
export function AliasHistory({ alias: { name, history }, onClose }: AliasHistoryProps) {
  const t = useTranslations('aliases')
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title={t('historyOf', { name })}
      description={t('historyMeta')}
    >
      <div className="-mx-5 -my-4">
        <Table caption={t('historyOf', { name })}>
          <thead>
            <tr>
              <Th>{t('when')}</Th>
              <Th>{t('who')}</Th>
              <Th>{t('what')}</Th>
              <Th>{t('why')}</Th>
            </tr>
          </thead>
          <tbody>
            {history.map((change) => (
              <Tr key={`${change.at} ${change.kind} ${change.to?.model}`}>
                <Td quiet>
                  <Time at={change.at} as="day" />
                </Td>
                <Td quiet>{change.who === 'you' ? t('you') : change.who}</Td>
                <Td className="whitespace-normal! py-1.5">
                  <Turn change={change} />
                </Td>
                <Td className="min-w-32 whitespace-normal! py-1.5">
                  <bdi className="wrap-anywhere">{change.why || '–'}</bdi>
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </div>
    </Dialog>
  )
}
