import { history, historyKeymap, standardKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Diagnostic } from '@codemirror/lint'
import { type ChangeSpec, EditorState, type Extension, type Text } from '@codemirror/state'
import { EditorView, highlightSpecialChars, keymap } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { Severity } from '#lib/training-data/issue.ts'
import { numberOf, UNSEEN } from './show-invisible.ts'

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--json-key)' },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: 'var(--json-string)' },
  { tag: [tags.brace, tags.squareBracket, tags.separator], color: 'var(--json-punct)' },
])

const underlined = (colour: string) => ({
  backgroundImage: 'none',
  paddingBottom: '0',
  textDecoration: `underline wavy 1px ${colour}`,
  textUnderlineOffset: '3px',
  textDecorationSkipInk: 'none',
})

/** The sizes equal those of the plain field, which is shown until this editor loads. */
const look = EditorView.theme({
  '&': { fontFamily: 'var(--mono)', fontSize: '12px', borderRadius: '6px', border: '1px solid transparent' },
  '&:hover': { borderColor: 'var(--border-strong)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '20px' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--text)', fontVariantLigatures: 'none' },
  '.cm-line': { padding: '0 10px', overflowWrap: 'anywhere' },
  '.cm-specialChar': { color: 'var(--warn)' },
  '.cm-lintRange-error': underlined('var(--bad)'),
  '.cm-lintRange-warning': underlined('var(--warn-dot)'),
  '.cm-lintRange-active': { backgroundColor: 'transparent' },
  '.cm-tooltip': {
    border: 'none',
    borderRadius: '6px',
    background: 'var(--overlay)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow-popover)',
  },
  '.cm-diagnostic': { padding: '6px 10px', margin: '0', maxWidth: '48ch', font: '13px/20px var(--font)' },
  '.cm-diagnostic-error, .cm-diagnostic-warning': { borderInlineStart: 'none' },
})

/** The CSP nonce of the page, which every script carries. */
const nonce = (): string => document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''

const BREAKS = /[\r\n]+/g

/** A row is one line of a file: a typed, pasted or dropped line break becomes a space. */
const oneLine = EditorState.transactionFilter.of((typed) => {
  if (!typed.docChanged || typed.newDoc.lines === 1) return typed
  const changes: ChangeSpec[] = []
  typed.changes.iterChanges((from, to, _from, _to, inserted: Text) => {
    changes.push({ from, to, insert: inserted.toString().replace(BREAKS, ' ') })
  })
  const { doc, selection } = typed.startState
  const behind = typed.startState.changes(changes).mapPos(Math.min(selection.main.to, doc.length), 1)
  return { changes, selection: { anchor: behind }, userEvent: 'input', scrollIntoView: true }
})

const typeSpace = ({ state, dispatch }: EditorView): boolean => {
  dispatch(state.update(state.replaceSelection(' '), { userEvent: 'input.type', scrollIntoView: true }))
  return true
}

/** The extensions of the editor, without its label and change handler. */
export const setup = (): Extension => [
  oneLine,
  EditorView.clipboardInputFilter.of((text) => text.replace(BREAKS, ' ')),
  // A bare carriage return is data of the row, not a line end.
  EditorState.lineSeparator.of('\n'),
  history(),
  // Tab is not bound: it moves the focus out of the editor.
  keymap.of([{ key: 'Enter', shift: typeSpace, run: typeSpace }, ...standardKeymap, ...historyKeymap]),
  json(),
  syntaxHighlighting(colours),
  highlightSpecialChars({
    specialChars: UNSEEN,
    render(code) {
      const sign = document.createElement('span')
      sign.className = 'cm-specialChar'
      sign.textContent = numberOf(code)
      return sign
    },
  }),
  EditorView.lineWrapping,
  EditorView.cspNonce.of(nonce()),
  look,
]

/** The difference between two texts as a single replacement. */
export function differing(now: string, next: string): { from: number; to: number; insert: string } {
  const shorter = Math.min(now.length, next.length)
  let start = 0
  while (start < shorter && now[start] === next[start]) start++
  let end = 0
  while (end < shorter - start && now[now.length - 1 - end] === next[next.length - 1 - end]) end++
  return { from: start, to: now.length - end, insert: next.slice(start, next.length - end) }
}

/** Position of an issue in the line, a UTF-16 column from 1, and its message. */
export interface Mark {
  column: number
  severity: Severity
  words: string
}

/** A string, a number or word, else one character. */
const TOKEN = /"(?:[^"\\]|\\.)*"?|[\w.+-]+|./suy

/** The token at the position of an issue; the last character if the position is beyond the end of the line. */
export function diagnosticOf({ column, severity, words }: Mark, line: string): Diagnostic {
  const from = Math.min(Math.max(0, column - 1), Math.max(0, line.length - 1))
  TOKEN.lastIndex = from
  const to = TOKEN.test(line) ? TOKEN.lastIndex : line.length
  return { from, to, severity, message: words }
}
