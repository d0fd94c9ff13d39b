'use client'
import Upload from 'lucide-react/icons/upload'
import { type DragEvent, type ReactNode, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { buttonClass } from './button-class.ts'
import { cn } from './cn.ts'

export interface FileDropProps {
  onFile: (file: File) => void
  /** Label of the button; a drop anywhere in the box does the same. */
  label?: string
  /** As in `<input accept>`: ".jsonl,application/jsonl". */
  accept?: string
  disabled?: boolean
  /** A heading and a sentence above the button. */
  children?: ReactNode
  /** Further actions beside the button. */
  actions?: ReactNode
  className?: string
}

/** Accepts one file, by button, keyboard or drop. */
export function FileDrop({ onFile, label, accept, disabled, children, actions, className }: FileDropProps) {
  const t = useTranslations('ui')
  const id = useId()
  const [over, setOver] = useState(false)
  const [many, setMany] = useState(false)
  const take = (files: FileList | null) => {
    const [file, second] = files ?? []
    setMany(second !== undefined)
    if (file && !second && !disabled) onFile(file)
  }
  const hover = (event: DragEvent) => {
    if (disabled || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: drop is optional; the input inside works by keyboard
    <div
      onDragEnter={hover}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        'rounded-lg border border-strong border-dashed p-5',
        over && 'border-accent bg-accent-soft',
        className,
      )}
    >
      {children}
      <div className="flex flex-wrap items-center gap-2">
        <span className="relative inline-flex has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2 rounded-md">
          <label htmlFor={id} aria-disabled={disabled} className={buttonClass()}>
            <Upload size={16} aria-hidden />
            {over ? t('dropHere') : (label ?? t('chooseFile'))}
          </label>
          <input
            id={id}
            type="file"
            accept={accept}
            disabled={disabled}
            className="absolute inset-0 opacity-0 file:hidden"
            onChange={(event) => {
              take(event.target.files)
              event.target.value = ''
            }}
          />
        </span>
        {actions}
      </div>
      {many && (
        <p role="alert" className="text-bad">
          {t('oneFile')}
        </p>
      )}
    </div>
  )
}
