/** In a text field, a paste belongs to the field. */
const isWritten = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null

/**
 * The pasted content as a file: a copied file, or text. null if the user pastes into a text field.
 * @param name file name for pasted text
 */
export function pastedFile({ clipboardData, target }: ClipboardEvent, name: string): File | null {
  const [file] = clipboardData?.files ?? []
  if (file) return file
  const text = isWritten(target) ? '' : (clipboardData?.getData('text/plain') ?? '')
  return text.trim() === '' ? null : new File([text], name)
}
