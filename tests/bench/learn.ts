/**
 * What a base model learns from ten rows, and what it forgets: the lesson, our own ten and forty rows, two other domains,
 * and a quiz over all elements. Defaults untouched; temperatures 0 and 1, the API's default.
 * Usage: npm run bench:learn -- [name=value …]
 *   base=FOLDER (the shipped one)  lesson=FILE,VALIDATION (else only our own rows)  seeds=1,2,3  threads=1  show=2
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { QUIZ } from '#lib/demo/quiz.ts'
import { wordsOf } from '#lib/engine/base-build/words.ts'
import { DOMAINS, type Domain, judgedIn, questionsOf, trainingOf } from './domains.ts'
import { countsOf, type Lesson, lessonIn, questionOf, worstFirst } from './judge-answers.ts'
import { brokenWords, isTrueOf, isTrueProse } from './judge-facts.ts'
import { answersOf, type Question, type Trained, trainModel } from './trained.ts'

const given = new Map(process.argv.slice(2).map((option) => option.split('=') as [string, string]))
const file = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const base = given.get('base') ?? file('lib/engine/base')
const threads = Number(given.get('threads') ?? 1)
const seeds = (given.get('seeds') ?? '1,2,3').split(',').map(Number)
const show = Number(given.get('show') ?? 2)
const TEMPERATURES = [0, 1]

const say = (...words: unknown[]) => console.log(...words)
const folder = mkdtempSync(path.join(tmpdir(), 'limerick-learn-'))

/** Rows of a file, as a file of their own. */
function rowsOf(source: string, from: number, to: number): string {
  const target = path.join(folder, `${from}-${to}.jsonl`)
  writeFileSync(target, `${readFileSync(source, 'utf8').trimEnd().split('\n').slice(from, to).join('\n')}\n`)
  return target
}

const ask = (model: string, questions: readonly Question[], temperature: number) =>
  answersOf(model, questions, { temperature, threads })

const questionsIn = ({ unseen, system }: Lesson): Question[] =>
  unseen.map((element) => ({ system, user: questionOf(element) }))

/** Facts and broken words, by the base's own table. */
function judgedFacts(lesson: Lesson, texts: readonly string[]): string {
  const known = new Set([...lesson.lines].flatMap(wordsOf))
  const count = (test: (text: string, element: string) => boolean) =>
    texts.filter((text, index) => test(text, lesson.unseen[index] ?? '')).length
  const whole = count((text) => brokenWords(text, known).length === 0)
  return `true ${count(isTrueOf)}, no broken word ${whole}`
}

function told(lesson: Lesson, texts: readonly string[]): void {
  for (const text of [...texts.slice(0, show), ...worstFirst(lesson, texts).slice(0, show)])
    say(`      ${text}`)
}

async function tellLesson(lesson: Lesson, { model }: Pick<Trained, 'model'>): Promise<void> {
  for (const temperature of TEMPERATURES) {
    const texts = await ask(model, questionsIn(lesson), temperature)
    say(`    temperature ${temperature}: ${countsOf(lesson, texts)}, ${judgedFacts(lesson, texts)}`)
    told(lesson, texts)
  }
}

async function tellBase(lesson: Lesson): Promise<void> {
  for (const temperature of TEMPERATURES) {
    const texts = await ask(base, questionsIn(lesson), temperature)
    const count = (test: (text: string, element: string) => boolean) =>
      texts.filter((text, index) => test(text, lesson.unseen[index] ?? '')).length
    const prose = count((text, element) => !text.includes(' - ') && text.includes(element))
    const fluent = count(
      (text, element) =>
        !text.includes(' - ') &&
        text.includes(element) &&
        text.endsWith('.') &&
        brokenWords(text, new Set()).length === 0,
    )
    say(
      `  temperature ${temperature}: prose ${prose}, true ${count(isTrueProse)}, fluent ${fluent} of ${texts.length}`,
    )
    for (const text of texts.slice(0, show)) say(`      ${text}`)
  }
}

/** The quiz that a job's page asks: what is left of the base's knowledge after training. */
async function quiz(model: string): Promise<string> {
  const asked = QUIZ.map(({ question }) => ({ system: null, user: question }))
  const texts = await ask(model, asked, 0)
  const right = QUIZ.filter(({ expected }, index) => texts[index]?.split(/[^A-Za-z]+/).includes(expected))
  return `${right.length} of ${QUIZ.length}`
}

async function trainAll(name: string, training: string, validation: string | null): Promise<void> {
  const lesson = lessonIn(readFileSync(training, 'utf8'))
  say(`\n${name}: ${lesson.rows} rows`)
  for (const seed of seeds) {
    const trained = await trainModel({ base, training, validation, rows: lesson.rows, seed, threads })
    const { method, rate, epochs, loss, validLosses, seconds } = trained
    const losses = validLosses.map((value) => value.toFixed(2)).join(' ')
    say(
      `  seed ${seed}: ${method} ${rate}, ${epochs} epochs, ${seconds.toFixed(0)} s, loss ${loss.toFixed(3)}`,
    )
    if (losses) say(`    validation ${losses}`)
    await tellLesson(lesson, trained)
    say(`    quiz ${await quiz(trained.model)}`)
    trained.discard()
  }
}

async function trainDomain(domain: Domain): Promise<void> {
  const training = path.join(folder, `${domain.name}.jsonl`)
  writeFileSync(training, trainingOf(domain))
  const questions = questionsOf(domain)
  say(`\n${domain.name}: ${domain.rows.length} rows`)
  say(`  base: ${judgedIn(domain, await ask(base, questions, 0))}`)
  for (const seed of seeds) {
    const trained = await trainModel({ base, training, rows: domain.rows.length, seed, threads })
    for (const temperature of TEMPERATURES) {
      const texts = await ask(trained.model, questions, temperature)
      say(`  seed ${seed}, temperature ${temperature}: ${judgedIn(domain, texts)}`)
      for (const [index, text] of texts.slice(0, show).entries())
        say(`      ${questions[index]?.user} → ${text}`)
    }
    trained.discard()
  }
}

try {
  const [lesson, validation = null] = given.get('lesson')?.split(',') ?? []
  const shipped = rowsOf(file('public/samples/elle.jsonl'), 0, 10)
  say('the base itself')
  await tellBase(lessonIn(readFileSync(lesson ?? shipped, 'utf8')))
  say(`  quiz ${await quiz(base)}`)
  if (lesson) await trainAll('the lesson', lesson, validation)
  await trainAll('our ten', shipped, null)
  await trainAll('forty of many patterns', file('public/samples/elle-varied.jsonl'), null)
  for (const domain of DOMAINS) await trainDomain(domain)
} finally {
  rmSync(folder, { recursive: true })
}
