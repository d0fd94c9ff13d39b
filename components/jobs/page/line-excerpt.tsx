import type { Excerpt } from '#lib/training-data/excerpt.ts'

/** A line of a file with a caret under what is wrong in it. */
export function LineExcerpt({ excerpt: { text, at }, label }: { excerpt: Excerpt; label: string }) {
  const place = at ?? text.length
  // A character may be two units long, and the place may be the end of the line.
  const [wrong = ' '] = text.slice(place)
  return (
    <figure aria-label={label} className="my-1.5 max-w-[90ch] rounded-md border bg-surface px-3 pt-1.5 pb-3">
      <code dir="ltr" className="block whitespace-pre-wrap break-all font-mono text-1 text-meta leading-6">
        {text.slice(0, place)}
        {at !== null && (
          <mark className="relative bg-bad-soft font-semibold text-bad after:absolute after:inset-x-0 after:top-3.5 after:text-center after:content-['^']">
            {wrong}
          </mark>
        )}
        {at !== null && text.slice(place + wrong.length)}
      </code>
    </figure>
  )
}
