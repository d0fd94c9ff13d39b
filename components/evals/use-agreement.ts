import { useState } from 'react'
import { type Count, confirmedOf, sumsToAgree } from './use-estimate.ts'

/** The user's yes to the sums of an estimate; it does not count for other sums. */
export function useAgreement({ estimate }: Count) {
  const [agreedTo, setAgreedTo] = useState('')
  const sums = sumsToAgree(estimate)
  const agreed = sums !== '' && agreedTo === sums
  return {
    agreed,
    /** A sum waits for the user's yes. */
    missing: sums !== '' && !agreed,
    agree: (yes: boolean) => setAgreedTo(yes ? sums : ''),
    /** Micro-dollars that were agreed to; null: none. */
    confirmed: agreed && estimate ? confirmedOf(estimate) : null,
  }
}
