/** Vocabulary of the synthetic conversations of `corpus.ts`; each list is ordered by frequency. */

const words = (text: string): string[] => text.trim().split(/\s+/)
const letters = (text: string): string[] => [...text.replace(/\s/g, '')]

export const commonWords = words(`
the of and to a in is that for it as with on you be this are or can we by your not have from an will
if at which more use when their one has but they all was how also other may these into some than
what time there new like so data make model any over out no first most only between each such need
should using many then them been using work value user order system result point example number way
used about would could both process after where well information different set change people want
code help line must just very level long high water state good part following type while because
find being here take name step does same may know year our large small add group given before
through two within function file control power list start line case even those back under again end
last great text include energy
`)

/** Stems of English words, placed between a prefix and a suffix. */
export const stems = words(`
accept account achiev act adapt adjust advis affect agree align allocat amplif analy annot appear
appl approach arrang articul assembl assess assign assum attach attend balanc benefit bind boost
bound bridg broad build calcul captur categor cent chang charg check circul clar classif cluster
collabor collect combin comment commun compar compet compil complet compress comput concentrat
conclud condens conduct configur confirm connect consider construct consum contain contribut convers
convert coordin correct correl creat critic cultiv cycl debat decid decor defend defin deliver
demonstrat depend deriv describ design detect determin develop differ digest direct discover discuss
distribut divid document draft educat effect elect emerg emphas employ enabl encod encourag engag
enhanc ensur establish estim evaluat evolv examin exchang execut expand expect experienc explain
explor export express extend extract facilit filter fold forecast form frequent fund gather generat
govern graph guid harvest identif illustrat implement import improv increas indicat influenc inform
inject innovat insert inspect instruct integrat interact interpret introduc invent invest isolat
justif label launch learn limit link list localiz maintain manag manufactur map market measur mechan
mediat merg migrat mitigat monitor motivat multipl narrat navigat negotiat network normaliz observ
obtain operat optimiz organiz orient outlin overlap packag paint parallel participat perform persist
plan plant polic predict prepar present preserv prevent print prioritiz produc program promot propos
protect prov publish quantif question rais rank react read realiz reason receiv recogniz recommend
record recover reduc refer refin reflect reform regulat relat releas rely remov render replac report
represent request research resolv respond restor restrict reveal review revis reward rotat sampl
schedul search secur select separat serv shap shift simplif simulat solv sort specif stabiliz
standard stor structur stud submit suggest summariz support surviv switch synthes target teach test
track train transfer transform translat transport trigger typ understand unif updat utiliz validat
var verif visualiz vot weigh writ
`)

export const prefixes = [
  '',
  '',
  '',
  '',
  '',
  '',
  're',
  'pre',
  'non',
  'over',
  'mis',
  'inter',
  'sub',
  'co',
  'un',
  'dis',
]

export const suffixes = words(`
e ed ing ion ions er ers ment ments able ive ively ation ability al s es or ity ance ure ic y ful
`)

export const names = words(`
Amelia Omar Wei Priya Lucas Fatima Chen Sofia Noah Layla Ivan Yuki Mateo Zainab Elena Kwame Hassan
Ingrid Paulo Mariam London Cairo Tokyo Berlin Lagos Mumbai Toronto Riyadh Python Linux Kubernetes
PostgreSQL React Docker JavaScript Tuesday January Newton Shakespeare Amazon Europe
`)

export const arabicStems = words(`
في من على إلى أن هذا هذه التي الذي كان لا ما هو هي مع عن كل بعد قبل بين عند حتى إذا يمكن يجب نموذج
بيانات تدريب لغة العربية كتاب مدرسة مدينة عمل وقت يوم سنة طريقة سؤال جواب مثال نظام شركة مستخدم خدمة
معلومات تعليم صحة حياة عالم دولة حكومة اقتصاد سوق تقنية برنامج حاسوب شبكة مشروع فريق نتيجة مشكلة حل
خطة هدف فكرة تطوير تحسين استخدام زيادة تقليل بناء كتابة قراءة ترجمة محادثة رسالة طلب عميل منتج سعر
جودة سرعة
`)

export const arabicPrefixes = ['', '', '', 'ال', 'وال', 'بال', 'لل', 'و', 'ف', 'ب']
export const arabicSuffixes = ['', '', '', 'ات', 'ها', 'هم', 'ية', 'ين', 'نا', 'ك']

export const chineseLetters = letters(`
的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然
没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二
理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信
北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提
感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让
认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步
完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改
议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切
`)

export const emoji = [
  '😀',
  '🎉',
  '🚀',
  '👍🏽',
  '❤️',
  '👨‍👩‍👧‍👦',
  '🔥',
  '✅',
  '🇸🇦',
  '🤖',
  '📈',
  '☕',
  '🧪',
  '💡',
]

/** Foreign words within English text. */
export const foreignWords = words(`
größe niño façade señor über été garçon Straße coração ação może część привет модель данные обучение
вопрос время язык здоровье こんにちは データ モデル です します ありがとう 안녕하세요 데이터 모델 학습 नमस्ते डेटा भाषा שלום שפה
`)
