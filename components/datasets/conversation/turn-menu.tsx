'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu, type MenuProps } from '#components/ui/menu.tsx'
import type { Turn } from '#lib/training-data/edit.ts'
import { withImage } from './image-parts.tsx'
import { withCall } from './tool-calls.tsx'

export interface TurnMenuProps {
  turn: Turn
  number: number
  /** Index of the turn in its list, from 0, and the number of turns. */
  index: number
  count: number
  /** Whether the turn may have images: preference pairs are text only. */
  images: boolean
  onChange: (raw: string) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

/** Further actions for a turn. */
export function TurnMenu(props: TurnMenuProps) {
  const { turn, number, index, count, images, onChange, onMove, onRemove } = props
  const t = useTranslations('conversation')
  const { role } = turn.value
  const items: MenuProps['items'][number][] = [
    { label: t('moveUp'), hotkey: '⌥ ↑', onSelect: () => onMove(-1), disabled: index === 0 },
    { label: t('moveDown'), hotkey: '⌥ ↓', onSelect: () => onMove(1), disabled: index === count - 1 },
    null,
  ]
  if (role === 'user' && images)
    items.push({ label: t('addImage'), onSelect: () => onChange(withImage(turn)) })
  if (role === 'assistant') items.push({ label: t('addCall'), onSelect: () => onChange(withCall(turn)) })
  items.push({ label: t('remove'), onSelect: onRemove, tone: 'danger' })
  const label = t('actions', { number })
  return (
    <Menu
      label={label}
      trigger={
        <IconButton size="sm" label={label}>
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      }
      items={items}
    />
  )
}
