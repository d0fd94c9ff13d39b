'use client'
import Image from 'lucide-react/icons/image'
import { useTranslations } from 'use-intl'
import { middle } from '#components/ui/format.ts'
import { Input } from '#components/ui/input.tsx'
import { Select } from '#components/ui/select.tsx'

export interface ImageRowProps {
  image: Readonly<Record<string, unknown>>
  part: number
  number: number
  onSet: (key: 'url' | 'detail', value: string | undefined) => void
}

const details = ['auto', 'low', 'high'] as const

/** Characters. Longer URLs contain the image data: they are shown read-only. */
const TYPED = 4096

/** An image by its URL and detail level. It is not loaded: a request would reveal the reader to the image server. */
export function ImageRow({ image, part, number, onSet }: ImageRowProps) {
  const t = useTranslations('conversation.parts')
  const url = typeof image.url === 'string' ? image.url : ''
  const long = url.length > TYPED
  return (
    <div className="flex flex-wrap items-center gap-1.5 ps-2.5">
      <Input
        size="sm"
        mono
        dir="ltr"
        leading={<Image size={14} aria-hidden />}
        className="flex-[1_1_12rem]"
        aria-label={t('address', { part, number })}
        placeholder={t('addressHint')}
        value={long ? middle(url, 48, 8) : url}
        readOnly={long}
        onValueChange={(value) => onSet('url', value)}
      />
      <span className="w-24">
        <Select
          size="sm"
          aria-label={t('detail', { part, number })}
          value={
            image.detail === undefined ? 'auto' : (details.find((name) => name === image.detail) ?? null)
          }
          options={details.map((value) => ({ value, label: t(`details.${value}`) }))}
          onValueChange={(value) => onSet('detail', value === 'auto' ? undefined : value)}
        />
      </span>
    </div>
  )
}
