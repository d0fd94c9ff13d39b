'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu, type MenuProps } from '#components/ui/menu.tsx'
import type { MessageTokens } from '#lib/datasets/schema.ts'
import { type TurnList as List, newTurn, readTurns, writeTurns } from '#lib/training-data/edit.ts'
import { Answers } from './answers.tsx'
import { endsWithAnswer, toChat, toPair } from './preference.ts'
import { ToolsSection, takesTool, withTool } from './tools-section.tsx'
import { TurnList } from './turn-list.tsx'

export interface ConversationProps {
  /** The JSON line; every change returns a whole line. */
  text: string
  /** Token counts of each message, in line order; null until they are known. */
  messageTokens: readonly MessageTokens[] | null
  onText: (text: string) => void
}

const answers = ['preferred_output', 'non_preferred_output'] as const

/** Path of the conversation: a chat, or the prompt of a pair; null for any other line. */
function shapeOf(text: string): 'messages' | 'input.messages' | null {
  if (readTurns(text)) return 'messages'
  const lists: List[] = ['input.messages', ...answers]
  return lists.every((list) => readTurns(text, list)) ? 'input.messages' : null
}

/** The line with an empty turn added, in the role that would speak next. */
function withTurn(text: string, list: List): string {
  const turns = readTurns(text, list) ?? []
  const role = turns.at(-1)?.value.role === 'user' && list === 'messages' ? 'assistant' : 'user'
  return writeTurns(text, [...turns.map(({ raw }) => raw), newTurn(role)], list)
}

const INSTRUCTIONS = ['system', 'developer']

/** The line with an empty system prompt before its turns; null if it has one. */
function withInstruction(text: string, list: List): string | null {
  const turns = readTurns(text, list) ?? []
  if (turns.some(({ value }) => INSTRUCTIONS.includes(String(value.role)))) return null
  return writeTurns(text, [newTurn('system'), ...turns.map(({ raw }) => raw)], list)
}

/** The turns of a row, each edited in place, with the tools and answers of the row. */
export function Conversation({ text, messageTokens, onText }: ConversationProps) {
  const t = useTranslations('conversation')
  const data = useTranslations('datasets')
  const [showTools, setShowTools] = useState(false)
  const list = shapeOf(text)
  if (!list) return <p className="py-4 text-2">{data('row.notConversation')}</p>
  const pair = list === 'input.messages'
  const toolsPath = pair ? ['input', 'tools'] : ['tools']
  const ready = endsWithAnswer(text)
  const instructed = withInstruction(text, list)
  const addTool = () => {
    setShowTools(true)
    onText(withTool(text, toolsPath))
  }
  const items: MenuProps['items'] = [
    pair
      ? { label: t('pair.back'), onSelect: () => onText(toChat(text)) }
      : {
          label: t('pair.make'),
          onSelect: () => onText(toPair(text)),
          disabled: !ready,
          reason: t('pair.needsAnswer'),
        },
    {
      label: t('tools.add'),
      onSelect: addTool,
      disabled: !takesTool(text, toolsPath),
    },
  ]
  return (
    <div className="@container">
      <ToolsSection
        text={text}
        path={toolsPath}
        open={showTools}
        onOpenChange={setShowTools}
        onText={onText}
      />
      <TurnList text={text} list={list} tokens={messageTokens} onText={onText} />
      <div className="flex items-center gap-1 py-2 @3xl:ps-33">
        <Button
          size="sm"
          variant="ghost"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => onText(withTurn(text, list))}
        >
          {t('add')}
        </Button>
        {instructed !== null && (
          <Button
            size="sm"
            variant="ghost"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => onText(instructed)}
          >
            {t('addSystem')}
          </Button>
        )}
        <Menu
          align="start"
          label={t('more')}
          trigger={
            <IconButton size="sm" label={t('more')}>
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
          items={items}
        />
      </div>
      {pair && (
        <Answers
          text={text}
          tokens={messageTokens}
          before={readTurns(text, list)?.length ?? 0}
          onText={onText}
        />
      )}
    </div>
  )
}
