'use client'
import Code from 'lucide-react/icons/code'
import Disc from 'lucide-react/icons/disc'
import Download from 'lucide-react/icons/download'
import Ellipsis from 'lucide-react/icons/ellipsis'
import GraduationCap from 'lucide-react/icons/graduation-cap'
import Server from 'lucide-react/icons/server'
import Tag from 'lucide-react/icons/tag'
import Trash2 from 'lucide-react/icons/trash-2'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { nameAtGateway } from '#lib/models/chat-code.ts'
import type { StudioModel } from '#lib/models/schema.ts'
import { deployingKind } from '#lib/providers/deploying.ts'
import type { ModelActions } from './alias-panel.tsx'
import { compareAddress, recordAddress } from './compare-address.ts'
import { refIn } from './model-options.ts'
import type { ModelGroup } from './order.ts'
import { useModelTitle } from './use-model-title.ts'

export interface RowsProps extends ModelActions {
  /** undefined while loading. */
  groups: readonly ModelGroup[] | undefined
  isOpen: (group: ModelGroup) => boolean
  onFold: (group: ModelGroup) => void
  /** Models that are selected, to be deleted together. */
  choice: ModelChoice
  /** ms */
  now: number
  onExport: (model: StudioModel) => void
  onDeploy: (model: StudioModel) => void
  onDelete: (model: StudioModel) => void
}

export type RowProps = Omit<RowsProps, 'groups' | 'isOpen' | 'onFold'> & { model: StudioModel }

export interface ModelChoice {
  chosen: readonly StudioModel[]
  isChosen: (model: StudioModel) => boolean
  toggle: (model: StudioModel) => void
}

/** The actions of a model row. */
export function ModelRowActions({ model, onPoint, onCode, onExport, onDeploy, onDelete }: RowProps) {
  const t = useTranslations('models.table')
  const name = useModelTitle()(model)
  const { id, kind, providerId, aliases, trainable, deletable, exportable } = model
  const held = aliases.length > 0 ? t('held', { count: aliases.length }) : undefined
  return (
    <span className="inline-flex items-center gap-2">
      <TextLink href={compareAddress(model)} aria-label={t('compareModel', { model: name })}>
        {t('compare')}
      </TextLink>
      <Menu
        label={t('more', { model: name })}
        trigger={
          <IconButton size="sm" label={t('more', { model: name })}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={[
          {
            label: t('point'),
            icon: <Tag size={14} aria-hidden />,
            onSelect: () => onPoint({ name: null, ref: refIn(model) }),
          },
          {
            label: t('code'),
            icon: <Code size={14} aria-hidden />,
            onSelect: () => onCode(nameAtGateway(refIn(model)), refIn(model)),
          },
          {
            label: t('record'),
            icon: <Disc size={14} aria-hidden />,
            href: recordAddress(refIn(model)),
          },
          ...(trainable && kind !== 'base'
            ? [
                {
                  label: t('trainFurther'),
                  icon: <GraduationCap size={14} aria-hidden />,
                  href: `/jobs/new?${new URLSearchParams({ model: id })}`,
                },
              ]
            : []),
          ...(deployingKind(providerId)
            ? [
                {
                  label: t('deploy'),
                  icon: <Server size={14} aria-hidden />,
                  onSelect: () => onDeploy(model),
                },
              ]
            : []),
          ...(exportable
            ? [
                {
                  label: t('export'),
                  icon: <Download size={14} aria-hidden />,
                  onSelect: () => onExport(model),
                },
              ]
            : []),
          ...(deletable
            ? [
                null,
                {
                  label: t('delete'),
                  icon: <Trash2 size={14} aria-hidden />,
                  tone: 'danger' as const,
                  disabled: held !== undefined,
                  reason: held,
                  onSelect: () => onDelete(model),
                },
              ]
            : []),
        ]}
      />
    </span>
  )
}
