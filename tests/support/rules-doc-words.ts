import type { RuleEntry } from '#lib/training-data/rules/entry.ts'

/** Texts of the document that the catalogue does not have. */
interface DocWords {
  head: string
  groups: Record<RuleEntry['group'], string>
  severity: Record<RuleEntry['severity'], string>
  fix: string
  repair: Record<RuleEntry['repair'], string>
  openai: (words: string) => string
  heldout: string
  better: string
}

const en: DocWords = {
  head: `# The rules

Everything that Limerick checks in a training file. The editor, the studio and the built-in engine run the same code
(\`lib/training-data\`). An **error** keeps a file from being trained on; a **warning** does not. "Fix" says whether the
studio can mend it: *safe* without a second look, *review* where somebody should look at what changes, else by hand.
Written by \`npm run rules\`.`,
  groups: {
    structure: 'Structure: can it be read as one example a line?',
    messages: 'Messages: can the conversation be learnt?',
    budget: 'Budget: does it fit, and is it worth it?',
    quality: 'Quality: what does it teach?',
    target: 'Target: what only some jobs ask for',
  },
  severity: { error: 'error', warning: 'warning', either: 'error or warning' },
  fix: 'fix',
  repair: { safe: 'safe', review: 'review', 'by hand': 'by hand' },
  openai: (words) => `OpenAI’s words: “${words}”`,
  heldout: 'held out:',
  better: 'better:',
}

const ar: DocWords = {
  head: `# القواعد

كل ما يفحصه Limerick في ملف التدريب. يشغّل المحرّر والاستوديو والمحرّك المدمج الشيفرة نفسها (\`lib/training-data\`).
**الخطأ** يمنع التدريب على الملف؛ و**التحذير** لا يمنعه. ويبيّن «الإصلاح» هل يستطيع الاستوديو إصلاح المشكلة: *آمن* دون
نظرة ثانية، أو *بمراجعة* حيث ينبغي النظر فيما يتغيّر، وإلا فهو *يدوي*. يكتب هذه الصفحة الأمر \`npm run rules\`.`,
  groups: {
    structure: 'البنية: هل يُقرأ كل سطر مثالًا واحدًا؟',
    messages: 'الرسائل: هل يمكن تعلّم المحادثة؟',
    budget: 'الميزانية: هل يتسع له السياق، وهل يستحق تكلفته؟',
    quality: 'الجودة: ماذا يعلّم؟',
    target: 'الهدف: ما لا تشترطه إلا بعض المهام',
  },
  severity: { error: 'خطأ', warning: 'تحذير', either: 'خطأ أو تحذير' },
  fix: 'الإصلاح',
  repair: { safe: 'آمن', review: 'بمراجعة', 'by hand': 'يدوي' },
  openai: (words) => `بكلمات OpenAI: «\u2066${words}\u2069»`,
  heldout: 'الصفوف المحجوزة (held-out):',
  better: 'الأفضل:',
}

export const docWords = { en, ar }
