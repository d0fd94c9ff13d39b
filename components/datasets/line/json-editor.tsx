'use client'
import { forEachDiagnostic, setDiagnostics } from '@codemirror/lint'
import { Annotation, EditorState, Transaction } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { diagnosticOf, differing, type Mark, setup } from './json-setup.ts'

/** A UTF-16 column from 1; `turn` increases, so that the same position can be requested twice. */
export interface Caret {
  column: number
  turn: number
}

export interface JsonEditorProps {
  label: string
  text: string
  marks: readonly Mark[]
  caret: Caret | null
  onText: (text: string) => void
}

/** Marks text set from outside: `onText` is not called for it. */
const fromOutside = Annotation.define<true>()

function isBroken(state: EditorState): boolean {
  let broken = false
  forEachDiagnostic(state, ({ severity }) => {
    broken ||= severity === 'error'
  })
  return broken
}

/** Creates the editor; it lives as long as its container and reads the newest `props`. */
function makeView(parent: HTMLElement, props: RefObject<JsonEditorProps>): EditorView {
  const attributes = EditorView.contentAttributes.of(({ state }) => ({
    'aria-label': props.current.label,
    'aria-invalid': String(isBroken(state)),
    'data-json': '',
    dir: 'ltr',
    spellcheck: 'false',
  }))
  const tell = EditorView.updateListener.of(({ docChanged, transactions, state }) => {
    if (!docChanged || transactions.some((one) => one.annotation(fromOutside))) return
    props.current.onText(state.doc.toString())
  })
  const extensions = [setup(), attributes, tell]
  return new EditorView({ parent, state: EditorState.create({ doc: props.current.text, extensions }) })
}

/** The line with syntax colours and marked issues. */
export function JsonEditor(props: JsonEditorProps) {
  const { label, text, marks, caret } = props
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  latest.current = props

  useLayoutEffect(() => {
    if (!box.current) return
    const made = makeView(box.current, latest)
    view.current = made
    return () => made.destroy()
  }, [])

  // A layout effect runs before the next keystroke; a later effect could overwrite text typed in between.
  useLayoutEffect(() => {
    const now = view.current?.state.doc.toString()
    if (now === undefined || now === text) return
    view.current?.dispatch({
      changes: differing(now, text),
      annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)],
    })
  }, [text])

  // biome-ignore lint/correctness/useExhaustiveDependencies: marks are new in every render; compare their text
  useEffect(() => {
    const { state } = view.current ?? {}
    if (!state) return
    const line = state.doc.toString()
    const diagnostics = line === '' ? [] : marks.map((mark) => diagnosticOf(mark, line))
    view.current?.dispatch(setDiagnostics(state, diagnostics))
  }, [JSON.stringify(marks), text, label])

  // biome-ignore lint/correctness/useExhaustiveDependencies: move the caret once per request
  useEffect(() => {
    if (!view.current || !caret) return
    const anchor = Math.min(Math.max(0, caret.column - 1), view.current.state.doc.length)
    view.current.focus()
    view.current.dispatch({ selection: { anchor }, scrollIntoView: true })
  }, [caret?.turn])

  return <div ref={box} />
}
