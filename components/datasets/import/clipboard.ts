/** Where text is written, a paste is meant for the text. */
const isWritten = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null

/**
 * What was pasted, as a file: a file of its own, or text. null when it is meant for a text that is being written.
 * @param name of the file that text becomes
 */
export function pastedFile({ clipboardData, target }: ClipboardEvent, name: string): File | null {
  const [file] = clipboardData?.files ?? []
  if (file) return file
  const text = isWritten(target) ? '' : (clipboardData?.getData('text/plain') ?? '')
  return text.trim() === '' ? null : new File([text], name)
}
