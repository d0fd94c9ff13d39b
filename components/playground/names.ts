import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import type { Name } from '#lib/playground/schema.ts'
import { kindOf } from '#lib/providers/model-kind.ts'

/** Names of the sides in a sentence: the model kind if it is unique, else the model name. */
export function useSideNames(names: readonly Name[]): string[] {
  const t = useTranslations('models.title')
  const words = useTranslations('playground')
  const kinds = names.map((name) => name && kindOf(name.model))
  return names.map((name, index) => {
    if (!name) return words('answerLetter', { letter: String.fromCharCode(65 + index) })
    const kind = kindOf(name.model)
    const alone = kinds.filter((other) => other === kind).length === 1
    const title = alone ? t(kind) : shortName(name.model)
    return name.fewShot > 0 ? `${title} + ${words('shots', { count: name.fewShot })}` : title
  })
}
