import { Trace } from './traces.ts'

export interface Secret {
  what: 'key' | 'private-key' | 'email' | 'card' | 'iban'
  /** Its beginning only: a report must not spread the secret. */
  start: string
}

/** Prefixes by which providers make their keys recognizable. */
const KEYS = [
  { has: 'sk-', form: /\bsk-[A-Za-z0-9_-]{20,}/ },
  { has: 'AKIA', form: /\bAKIA[0-9A-Z]{16}\b/ },
  { has: 'gh', form: /\bgh[oprsu]_[A-Za-z0-9]{36}/ },
  { has: 'github_pat_', form: /\bgithub_pat_[A-Za-z0-9_]{22,}/ },
  { has: 'hf_', form: /\bhf_[A-Za-z0-9]{30,}/ },
  { has: 'AIza', form: /\bAIza[0-9A-Za-z_-]{35}/ },
  { has: 'xox', form: /\bxox[abeoprs]-[0-9A-Za-z-]{10,}/ },
  { has: 'eyJ', form: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/ },
]
const EMAIL = /(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,}/
/** Domains reserved for examples (RFC 2606). */
const NOBODY = /[@.](?:example(?:\.(?:com|org|net))?|test|invalid|localhost)$/i
const CARD = /(?<![\d.-])\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}(?![\d.-]*\d)/g
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g

/** The check digit of payment cards (ISO/IEC 7812). */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1*$/.test(digits)) return false
  const sum = Array.from(digits, Number)
    .reverse()
    .reduce((total, digit, index) => {
      const doubled = index % 2 === 0 ? digit : digit * 2
      return total + (doubled > 9 ? doubled - 9 : doubled)
    }, 0)
  return sum % 10 === 0
}

/** The check digits of bank accounts (ISO 13616). */
function isIban(text: string): boolean {
  const plain = text.replaceAll(' ', '')
  if (plain.length < 15 || plain.length > 34) return false
  const turned = plain.slice(4) + plain.slice(0, 4)
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}

const found = (what: Secret['what'], text: string): Secret => ({ what, start: text.slice(0, 4) })

function findKey(text: string): Secret | null {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return { what: 'private-key', start: '-----BEGIN' }
  for (const { has, form } of KEYS) {
    const match = text.includes(has) ? form.exec(text) : null
    if (match) return found('key', match[0])
  }
  return null
}

/**
 * The first secret or personal data in a text: a key, an e-mail address, a card or account number.
 * @param traces what the line may contain
 */
export function findSecret(text: string, traces: number): Secret | null {
  const key = traces & Trace.key ? findKey(text) : null
  if (key) return key
  const email = traces & Trace.email ? EMAIL.exec(text)?.[0] : undefined
  if (email && !NOBODY.test(email)) return found('email', email)
  if (!(traces & Trace.digits)) return null
  const card = text.match(CARD)?.find(isCard)
  if (card) return found('card', card)
  const iban = text.match(IBAN)?.find(isIban)
  return iban ? found('iban', iban) : null
}
