/** Digits of a number without leading zeros; longer ones are compared as text. */
const MOST_DIGITS = 99

/**
 * A key whose plain order is the order in which people read names: `exp-2` before `exp-11`, without regard to case. Each
 * number is preceded by its count of digits.
 */
export const naturalKey = (text: string): string =>
  text.toLowerCase().replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+/, '')
    return `${String(Math.min(number.length, MOST_DIGITS)).padStart(2, '0')}${number}`
  })
