'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { deletedQuery, deleteForGoodMutation } from '#lib/storage/queries.ts'
import type { DeletedDataset } from '#lib/storage/schema.ts'

/** Lists what is deleted and what is kept. */
function ForGoodDialog({ dataset, onClose }: { dataset: DeletedDataset; onClose: () => void }) {
  const t = useTranslations('storage')
  const remove = useMutation({ ...deleteForGoodMutation(), onSuccess: onClose })
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('forGood.title', { name: dataset.name })}
      description={t('forGood.meaning')}
      confirmLabel={t('forGood.confirm')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(dataset.id)}
    >
      {remove.error && <Failure error={remove.error} />}
    </AlertDialog>
  )
}

interface ListProps {
  deleted: readonly DeletedDataset[]
  onRestore: (dataset: DeletedDataset) => void
  onForGood: (dataset: DeletedDataset) => void
}

function DeletedList({ deleted, onRestore, onForGood }: ListProps) {
  const t = useTranslations('storage.deleted')
  return (
    <Panel aria-labelledby="deleted-datasets">
      <PanelHead id="deleted-datasets" title={t('title')} />
      <Table caption={t('title')}>
        <tbody>
          {deleted.map((dataset) => (
            <Tr key={dataset.id}>
              <Td className="w-full max-w-0 truncate">
                <bdi>{dataset.name}</bdi>
              </Td>
              <Td quiet align="end" className="hidden sm:table-cell">
                {t('rows', { count: dataset.lines })}
              </Td>
              <Td quiet className="hidden sm:table-cell">
                <Time at={dataset.deletedAt} />
              </Td>
              <Td>
                <span className="flex justify-end gap-2">
                  <Button size="sm" onClick={() => onRestore(dataset)}>
                    {t('restore')}
                  </Button>
                  <Button size="sm" variant="danger" onClick={() => onForGood(dataset)}>
                    {t('forGood')}
                  </Button>
                </span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

/** Deleted datasets, each with buttons to restore it or to delete it for good. Renders nothing if there are none. */
export function DeletedPanel({ onRestore }: Pick<ListProps, 'onRestore'>) {
  const { data: deleted = [] } = useQuery(deletedQuery())
  const [going, setGoing] = useState<DeletedDataset | null>(null)
  return (
    <>
      {deleted.length > 0 && <DeletedList deleted={deleted} onRestore={onRestore} onForGood={setGoing} />}
      {/* An open question stays open until the user answers it, even if a refresh drops its row from the list. */}
      {going && <ForGoodDialog dataset={going} onClose={() => setGoing(null)} />}
    </>
  )
}
