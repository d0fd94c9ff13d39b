import { readWeight } from '../formats/convert.ts'
import { isAssistant, kindOf, type LooseMessage, type MessageRule, shown, withFix } from './rule.ts'

export const noTrainedAssistant: MessageRule = {
  id: 'no-trained-assistant',
  check({ part, path, messages }, tell) {
    if (part !== 'chat' || messages.some((message) => isAssistant(message) && message.weight !== 0)) return
    const answers = messages.filter(isAssistant).length
    if (answers > 0) tell('warning', path, { answers })
  },
}

export const weightNotZeroOne: MessageRule = {
  id: 'weight-not-0-1',
  check({ path, messages }, tell) {
    messages.forEach(({ weight }, index) => {
      if (weight === undefined || weight === 0 || weight === 1) return
      const values = { weight: shown(weight), kind: kindOf(weight) }
      tell('error', [...path, index, 'weight'], withFix(values, readWeight(weight) === null ? null : 'fix'))
    })
  },
}

/** Roles other than assistant; a misspelt role may still be an assistant's. */
const others: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'tool', 'function'])
export const isOther = ({ role }: LooseMessage): boolean => others.has(role)

export const weightOnOthers: MessageRule = {
  id: 'weight-on-non-assistant',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      if (message.weight === undefined || isAssistant(message)) return
      const values = { role: shown(message.role ?? '') }
      tell('error', [...path, index, 'weight'], withFix(values, isOther(message) ? 'fix' : null))
    })
  },
}
