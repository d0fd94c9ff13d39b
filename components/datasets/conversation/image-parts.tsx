'use client'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { readItems, setAt, setKey, type Turn, writeItems, written } from '#lib/training-data/edit.ts'
import { isRecord } from '#lib/training-data/is-record.ts'
import { ImageRow } from './image-row.tsx'
import { TextField, type TextFieldProps } from './text-field.tsx'

type Value = Turn['value']

const isText = ({ type, text }: Value) => type === 'text' && typeof text === 'string'
const isImage = ({ type, image_url }: Value) =>
  type === 'image_url' && isRecord(image_url) && typeof image_url.url === 'string'

/** The content parts of a turn, or null if the content is not a list of texts and images. */
export function partsOf(raw: string): Turn[] | null {
  const parts = readItems(raw, ['content'])
  return parts?.every(({ value }) => isText(value) || isImage(value)) ? parts : null
}

const newImage = { type: 'image_url', image_url: { url: '' } }
const newText = { type: 'text', text: '' }

/** The turn with one more image; plain text becomes its first part. */
export function withImage({ raw, value: { content } }: Turn): string {
  const parts = readItems(raw, ['content'])
  if (!parts) {
    const text = typeof content === 'string' ? content : ''
    return setKey(raw, 'content', [{ type: 'text', text }, newImage])
  }
  return writeItems(raw, [...parts.map((part) => part.raw), written(newImage)], ['content'])
}

export interface ImagePartsProps {
  turn: Turn
  parts: readonly Turn[]
  number: number
  /** Props for the first text field of the turn. */
  field: Pick<TextFieldProps, 'data-turn' | 'className' | 'placeholder'>
  onChange: (raw: string) => void
}

/** Content in parts: texts, and images by URL. Images are never loaded. */
export function ImageParts({ turn, parts, number, field, onChange }: ImagePartsProps) {
  const t = useTranslations('conversation.parts')
  const raws = parts.map(({ raw }) => raw)
  const firstText = parts.findIndex(({ value }) => isText(value))
  /** Content with a single text is stored as a plain string. */
  const write = (next: readonly string[]) => {
    const [only] = next.length === 1 ? next.map((raw) => JSON.parse(raw) as Value) : []
    if (only && isText(only)) onChange(setKey(turn.raw, 'content', only.text))
    else onChange(writeItems(turn.raw, next, ['content']))
  }
  const remove = (index: number) => write(raws.toSpliced(index, 1))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      {parts.map(({ raw, value }, index) => {
        const part = index + 1
        const set = (next: string) => onChange(writeItems(turn.raw, raws.with(index, next), ['content']))
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is identified by its position
          <div key={index} className="flex items-start gap-1">
            <div className="min-w-0 flex-1">
              {isText(value) ? (
                <TextField
                  {...(index === firstText ? field : { className: field.className })}
                  aria-label={t('text', { part, number })}
                  value={value.text as string}
                  onValueChange={(text) => set(setKey(raw, 'text', text))}
                />
              ) : (
                <ImageRow
                  image={value.image_url as Value}
                  part={part}
                  number={number}
                  onSet={(key, next) => set(setAt(raw, ['image_url', key], next))}
                />
              )}
            </div>
            {parts.length > 1 && (
              <IconButton
                size="sm"
                label={t(isText(value) ? 'removeText' : 'removeImage', { part })}
                onClick={() => remove(index)}
              >
                <X size={14} aria-hidden />
              </IconButton>
            )}
          </div>
        )
      })}
      <div className="flex flex-wrap gap-1">
        <Button
          size="sm"
          variant="ghost"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => onChange(withImage(turn))}
        >
          {t('addImage')}
        </Button>
        <Button
          size="sm"
          variant="ghost"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => write([...raws, written(newText)])}
        >
          {t('addText')}
        </Button>
        {parts.length === 1 && firstText === 0 && (
          <Button size="sm" variant="ghost" onClick={() => write(raws)}>
            {t('plain')}
          </Button>
        )}
      </div>
    </div>
  )
}
