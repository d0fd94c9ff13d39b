'use client'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Input } from '#components/ui/input.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { Tick } from '#components/ui/tick.tsx'
import { type DomainGrader, domain } from '#lib/domain/domain.ts'
import type { Grader } from '#lib/evals/graders/schema.ts'
import type { FormPartProps } from './form-data.tsx'

type Kind = Grader['kind']
type Of<Name extends Kind> = Extract<Grader, { kind: Name }>

const FRESH: { [Name in Exclude<Kind, DomainGrader>]: Of<Name> } = {
  similarity: { kind: 'similarity', pass: 0.5 },
  exact: { kind: 'exact', loose: true },
  contains: { kind: 'contains', text: null, loose: true, wholeWords: false },
  regex: { kind: 'regex', pattern: '', loose: false },
  jsonSchema: { kind: 'jsonSchema', schema: '{\n  "type": "object"\n}' },
  length: { kind: 'length', least: 0, most: 500 },
}

/** The available graders with their initial settings. */
const CHOICES: readonly Grader[] = [...domain.graders.map((kind) => ({ kind })), ...Object.values(FRESH)]

interface PartProps<Name extends Kind> {
  grader: Of<Name>
  set: (grader: Grader) => void
  /** Validation message for a field of the grader. */
  error: (part: string) => string | undefined
}

function LooseTick({ grader, set }: Omit<PartProps<'exact' | 'contains' | 'regex'>, 'error'>) {
  const t = useTranslations('evals.form')
  return (
    <Tick checked={grader.loose} onCheckedChange={(loose) => set({ ...grader, loose })}>
      {t(grader.kind === 'regex' ? 'looseRegex' : 'loose')}
    </Tick>
  )
}

function ContainsFields({ grader, set, error }: PartProps<'contains'>) {
  const t = useTranslations('evals.form')
  return (
    <>
      <Field label={t('text')} hint={t('textHint')} error={error('text')}>
        <Input value={grader.text ?? ''} onValueChange={(text) => set({ ...grader, text: text || null })} />
      </Field>
      <LooseTick grader={grader} set={set} />
      <Tick checked={grader.wholeWords} onCheckedChange={(wholeWords) => set({ ...grader, wholeWords })}>
        {t('wholeWords')}
      </Tick>
    </>
  )
}

function RegexFields({ grader, set, error }: PartProps<'regex'>) {
  const t = useTranslations('evals.form')
  return (
    <>
      <Field
        label={t('pattern')}
        hint={t('patternHint')}
        error={grader.pattern ? error('pattern') : undefined}
      >
        <Input
          mono
          dir="ltr"
          value={grader.pattern}
          onValueChange={(pattern) => set({ ...grader, pattern })}
        />
      </Field>
      <LooseTick grader={grader} set={set} />
    </>
  )
}

function SchemaFields({ grader, set, error }: PartProps<'jsonSchema'>) {
  const t = useTranslations('evals.form')
  return (
    <Field label={t('schema')} hint={t('schemaHint')} error={error('schema')}>
      <Textarea
        mono
        dir="ltr"
        rows={4}
        className="max-h-72"
        value={grader.schema}
        onValueChange={(schema) => set({ ...grader, schema })}
      />
    </Field>
  )
}

function LengthFields({ grader, set, error }: PartProps<'length'>) {
  const t = useTranslations('evals.form')
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label={t('least')} error={error('') ?? error('least')}>
        <NumberField
          min={0}
          fractionDigits={0}
          value={grader.least}
          onValueChange={(least) => set({ ...grader, least: least ?? 0 })}
        />
      </Field>
      <Field label={t('most_')} error={error('most')}>
        <NumberField
          min={0}
          max={1_000_000}
          fractionDigits={0}
          value={grader.most}
          onValueChange={(most) => set({ ...grader, most: most ?? 500 })}
        />
      </Field>
    </div>
  )
}

function SimilarityFields({ grader, set, error }: PartProps<'similarity'>) {
  const t = useTranslations('evals.form')
  return (
    <Field label={t('pass')} hint={t('passHint')} error={error('pass')}>
      <NumberField
        className="w-28"
        min={0}
        max={1}
        step={0.05}
        stepper
        value={grader.pass}
        onValueChange={(pass) => set({ ...grader, pass: pass ?? 0.5 })}
      />
    </Field>
  )
}

function GraderFields({ grader, ...rest }: PartProps<Kind>) {
  switch (grader.kind) {
    case 'contains':
      return <ContainsFields grader={grader} {...rest} />
    case 'regex':
      return <RegexFields grader={grader} {...rest} />
    case 'jsonSchema':
      return <SchemaFields grader={grader} {...rest} />
    case 'length':
      return <LengthFields grader={grader} {...rest} />
    case 'similarity':
      return <SimilarityFields grader={grader} {...rest} />
    case 'exact':
      return <LooseTick grader={grader} set={rest.set} />
    default:
      return null
  }
}

interface LineProps extends PartProps<Kind> {
  place: number
  onRemove: (() => void) | null
}

function Line({ place, onRemove, ...part }: LineProps) {
  const t = useTranslations('evals')
  const { grader, set } = part
  const label = t('form.grader', { place: place + 1 })
  return (
    <li className="grid gap-2 border-b pb-3 last:border-b-0 last:pb-0">
      <div className="flex items-center gap-2">
        <Select
          aria-label={label}
          className="flex-1"
          value={grader.kind}
          options={CHOICES.map(({ kind }) => ({ value: kind, label: t(`grader.${kind}`) }))}
          onValueChange={(kind) => set(CHOICES.find((choice) => choice.kind === kind) ?? grader)}
        />
        <IconButton
          size="sm"
          label={t('form.remove', { name: label })}
          disabled={onRemove === null}
          onClick={() => onRemove?.()}
        >
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      <p className="text-3 text-meta">{t(`form.means.${grader.kind}`)}</p>
      <GraderFields {...part} />
    </li>
  )
}

/** How answers are graded: by rules, so that equal answers always get equal scores. */
export function FormGraders({ draft, change, errors }: FormPartProps) {
  const t = useTranslations('evals.form')
  const { graders } = draft
  const set = (next: Grader[]) => change({ graders: next })
  const unused = CHOICES.find(({ kind }) => !graders.some((grader) => grader.kind === kind))
  return (
    <Panel aria-label={t('graders')}>
      <PanelHead title={t('graders')} terms={['grader', 'score']} meta={t('gradersMeta')} />
      <PanelBody className="grid gap-3">
        <ol className="grid gap-3">
          {graders.map((grader, index) => (
            <Line
              // biome-ignore lint/suspicious/noArrayIndexKey: a grader is identified by its index
              key={index}
              grader={grader}
              place={index}
              set={(next) => set(graders.with(index, next))}
              error={(part) => errors[['graders', index, part].filter((one) => one !== '').join('.')]}
              onRemove={graders.length > 1 ? () => set(graders.toSpliced(index, 1)) : null}
            />
          ))}
        </ol>
        <div>
          <Button
            size="sm"
            icon={<Plus size={14} aria-hidden />}
            disabled={graders.length >= 8}
            onClick={() => set([...graders, unused ?? FRESH.contains])}
          >
            {t('addGrader')}
          </Button>
        </div>
      </PanelBody>
    </Panel>
  )
}
