import { isAssistant, kindOf, type MessageRule, shown } from './rule.ts'

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
      tell('error', [...path, index, 'weight'], { weight: shown(weight), kind: kindOf(weight) })
    })
  },
}

export const weightOnOthers: MessageRule = {
  id: 'weight-on-non-assistant',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      if (message.weight === undefined || isAssistant(message)) return
      tell('error', [...path, index, 'weight'], { role: shown(message.role ?? '') })
    })
  },
}
