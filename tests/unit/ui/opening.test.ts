import { expect, test } from 'vitest'
import { crumbsOf, shapeOf } from '#components/shell/opening/shapes.ts'
import { translate } from '#lib/i18n/translate.ts'

test.each([
  ['/', 'home'],
  ['/jobs', 'list'],
  ['/jobs/new', 'form'],
  ['/jobs/compare', 'panels'],
  ['/jobs/run_1', 'panels'],
  ['/datasets/data_1', 'editor'],
  ['/datasets/data_1/versions', 'panels'],
  ['/evals/new', 'form'],
  ['/playground', 'board'],
  ['/rescue', 'panels'],
])('the outline of %s is that of a page of kind %s', (path, shape) => expect(shapeOf(path)).toBe(shape))

test.each([
  ['/', ['Home']],
  ['/models', ['Models']],
  ['/jobs/run_1', ['Jobs', 'Opening…']],
  ['/rescue', ['Opening…']],
])('the breadcrumbs of %s are known before the page is: %j', (path, labels) => {
  const t = translate('shell', 'en') as Parameters<typeof crumbsOf>[1]
  expect(crumbsOf(path, t).map(({ label }) => label)).toEqual(labels)
})
