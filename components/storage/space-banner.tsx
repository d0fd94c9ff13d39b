'use client'
import { useQuery } from '@tanstack/react-query'
import HardDrive from 'lucide-react/icons/hard-drive'
import { useTranslations } from 'use-intl'
import { Note } from '#components/ui/note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { spaceQuery } from '#lib/storage/queries.ts'
import type { Space } from '#lib/storage/schema.ts'

/** ms */
const LOOK_AGAIN = 60_000

/** Warns on every page that the disk is almost full or full. */
export function SpaceBanner({ initial }: { initial: Space }) {
  const { bytes } = useFormat()
  const t = useTranslations('storage')
  const { data } = useQuery({ ...spaceQuery(), initialData: initial, refetchInterval: LOOK_AGAIN })
  if (data.state === 'enough') return null
  return (
    <div className="shrink-0 border-b px-(--gutter) py-2">
      <Note tone={data.state === 'full' ? 'bad' : 'warn'} icon={<HardDrive size={16} aria-hidden />} live>
        {t(data.state, { size: bytes(data.free) })}
      </Note>
    </div>
  )
}
