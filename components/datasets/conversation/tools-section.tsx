'use client'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import {
  type Keys,
  rawAt,
  readItems,
  setAt,
  type Turn,
  writeItems,
  written,
} from '#lib/training-data/edit.ts'
import { isRecord } from '#lib/training-data/is-record.ts'
import { ToolForm } from './tool-form.tsx'

const newTool = {
  type: 'function',
  function: { name: '', description: '', parameters: { type: 'object', properties: {} } },
}

const isTool = ({ value }: Turn) => isRecord(value.function)

/** The tools that a line defines; null if they are not a list of functions. */
function toolsOf(text: string, path: Keys): Turn[] | null {
  const tools = readItems(text, path)
  return tools?.every(isTool) ? tools : null
}

/** Whether a tool can be added to a line: it has no tools, or a list of them. */
export const takesTool = (text: string, path: Keys): boolean =>
  rawAt(text, path) === null || toolsOf(text, path) !== null

/** The line with one more tool, whose name is empty. */
export function withTool(text: string, path: Keys): string {
  const tools = readItems(text, path)
  if (!tools) return setAt(text, path, [newTool])
  return writeItems(text, [...tools.map(({ raw }) => raw), written(newTool)], path)
}

export interface ToolsSectionProps {
  text: string
  /** Path of the tool definitions in the line. */
  path: Keys
  open: boolean
  onOpenChange: (open: boolean) => void
  onText: (text: string) => void
}

function Tools({
  tools,
  text,
  path,
  open,
  onOpenChange,
  onText,
}: ToolsSectionProps & { tools: readonly Turn[] }) {
  const t = useTranslations('conversation.tools')
  const raws = tools.map(({ raw }) => raw)
  const remove = (index: number) =>
    onText(
      raws.length === 1 ? setAt(text, path, undefined) : writeItems(text, raws.toSpliced(index, 1), path),
    )
  return (
    <details
      open={open}
      onToggle={(event) => onOpenChange(event.currentTarget.open)}
      className="group border-b py-2"
    >
      <summary className="flex min-h-8 cursor-pointer list-none items-center gap-1.5 rounded-md ps-1.5 font-medium hover:bg-hover">
        <ChevronRight
          size={14}
          aria-hidden
          className="flip-rtl ltr:group-open:rotate-90 rtl:group-open:-rotate-90"
        />
        {t('title', { count: tools.length })}
      </summary>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3 py-2 ps-1.5">
        {tools.map(({ raw }, index) => (
          <ToolForm
            // biome-ignore lint/suspicious/noArrayIndexKey: a definition is identified by its position
            key={index}
            raw={raw}
            number={index + 1}
            onChange={(next) => onText(writeItems(text, raws.with(index, next), path))}
            onRemove={() => remove(index)}
          />
        ))}
        <div>
          <Button
            size="sm"
            variant="ghost"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => onText(withTool(text, path))}
          >
            {t('add')}
          </Button>
        </div>
      </div>
    </details>
  )
}

/** The tools that the model may call in this conversation; renders nothing if there are none. */
export function ToolsSection(props: ToolsSectionProps) {
  const tools = toolsOf(props.text, props.path)
  return tools && tools.length > 0 ? <Tools tools={tools} {...props} /> : null
}
