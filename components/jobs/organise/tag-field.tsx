import { useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { jobListQuery } from '#lib/jobs/queries.ts'
import { tagsIn, tagText } from './tag-text.ts'

/** Known tags that are offered. */
const OFFERED = 8

interface TagFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  error: string | undefined
}

/** Tags as text, with those of other jobs to choose from. */
export function TagField({ label, value, onChange, error }: TagFieldProps) {
  const t = useTranslations('jobList.organise')
  const { data } = useQuery(jobListQuery({ limit: 1 }))
  const written = tagsIn(value)
  const offered = (data?.tags ?? []).filter(({ tag }) => !written.includes(tag)).slice(0, OFFERED)
  return (
    <div className="grid gap-1.5">
      <Field label={label} hint={t('tagsHint')} error={error} optional>
        <Input value={value} onValueChange={onChange} />
      </Field>
      {offered.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {offered.map(({ tag }) => (
            <li key={tag}>
              <Button
                size="sm"
                icon={<Plus size={14} aria-hidden />}
                onClick={() => onChange(tagText([...written, tag]))}
              >
                <bdi>{tag}</bdi>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
