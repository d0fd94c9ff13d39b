'use client'
import { useTranslations } from 'use-intl'
import { DatasetState } from '#components/datasets/dataset-state.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

const SHOWN = 5

function Row({ dataset }: { dataset: DatasetSummary }) {
  const { count } = useFormat()
  const { id, name, sample, train, heldout, state, busy } = dataset
  const t = useTranslations('home.datasets')
  return (
    <Tr>
      <Td className="w-full min-w-40 max-w-0">
        <span className="flex items-center gap-2">
          <TextLink href={`/datasets/${id}`} className="truncate text-1!">
            <bdi>{name}</bdi>
          </TextLink>
          <span className="hidden lg:contents">{sample && <Chip>{t('sample')}</Chip>}</span>
        </span>
      </Td>
      <Td quiet className="hidden sm:table-cell">
        {t('rows', { train: count(train.examples), heldout: count(heldout.examples) })}
      </Td>
      <Td>
        <DatasetState
          state={state}
          errors={train.errors + heldout.errors}
          warnings={train.warnings + heldout.warnings}
          busy={busy}
        />
      </Td>
      <Td quiet align="end" className="hidden lg:table-cell">
        {t('tokens', { tokens: count(train.tokens) })}
      </Td>
      <Td align="end" className="hidden sm:table-cell">
        <TextLink href={`/datasets/${id}`} aria-label={`${t(state === 'blocked' ? 'see' : 'open')}: ${name}`}>
          {t(state === 'blocked' ? 'see' : 'open')}
        </TextLink>
      </Td>
    </Tr>
  )
}

export function DatasetsPanel({ datasets }: { datasets: readonly DatasetSummary[] }) {
  const t = useTranslations('home.datasets')
  return (
    <>
      <PanelHead title={t('title')}>
        <LinkButton size="sm" variant="ghost" href="/datasets">
          {t('all')}
        </LinkButton>
      </PanelHead>
      {datasets.length === 0 ? (
        <p className="px-4 py-6 text-3">{t('empty')}</p>
      ) : (
        <Table caption={t('caption')}>
          <tbody>
            {datasets.slice(0, SHOWN).map((dataset) => (
              <Row key={dataset.id} dataset={dataset} />
            ))}
          </tbody>
        </Table>
      )}
    </>
  )
}
