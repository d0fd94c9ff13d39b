/** Separator of two parts of a JSON text that a line break separated. */
export function gap(left: string, right: string): string {
  if (left === '' || right === '') return ''
  return '{['.includes(left.at(-1) ?? '') || '}],'.includes(right[0] ?? '') ? '' : ' '
}

/** A valid JSON text on one line: all line breaks are between tokens, as JSON strings have none. */
export function flat(text: string): string {
  const trimmed = text.trim()
  if (!/[\r\n]/.test(trimmed)) return trimmed
  const parts = trimmed.split(/[\r\n]+/).map((part) => part.trim())
  return parts.reduce((joined, part, index) => joined + gap(parts[index - 1] ?? '', part) + part, '')
}
