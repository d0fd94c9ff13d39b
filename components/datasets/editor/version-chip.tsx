'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Chip } from '#components/ui/chip.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

/** The current version, or the number of the next one. */
export function VersionChip({ dataset: { id, version, dirty } }: { dataset: DatasetSummary }) {
  const t = useTranslations('datasets.version')
  const number = (version?.number ?? 0) + (dirty ? 1 : 0)
  const words = t(dirty ? 'draft' : 'saved', { number })
  return (
    <Link
      href={`/datasets/${id}/versions`}
      className="rounded hover:underline"
      aria-label={`${words}: ${t('all')}`}
    >
      <Chip>{words}</Chip>
    </Link>
  )
}
