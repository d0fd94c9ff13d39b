/**
 * What a limerick about an element may say, in single words. Common knowledge, written by us; far from complete.
 * `name|symbol|kinds|uses|facts`: `uses` are so much an element's own that they count against every element that lacks
 * them; `facts` may stand in a verse about anything, and count only for their own element.
 */
const TABLE = `
Hydrogen|H|gas non-metal|rockets airships|water acids ammonia fuel stars sun universe lightest flame
Helium|He|noble gas non-metal|balloons airships lasers magnets|wells voices scanners voice party sun stars lighter air reacts
Lithium|Li|metal|batteries|phones grease ceramics moods salt flats brine power lightest
Beryllium|Be|metal|emeralds telescopes satellites beryl|springs alloys x-ray windows toxic breathe
Boron|B|metalloid|borax soap heat-proof|glass phones powder lake beds flame ovens
Carbon|C|non-metal|diamonds pencils coal charcoal|tires trees plastic fuel steel life basis diamond graphite
Nitrogen|N|gas non-metal|fertilizer proteins airbags chips|crops tires air food room temperature
Oxygen|O|gas non-metal|welding divers rockets ozone|water lungs breath breathing air fire sun alive
Fluorine|F|gas halogen non-metal|toothpaste fridges non-stick fluorite|pans medicine teeth tap reactive attacks
Neon|Ne|noble gas non-metal|lasers advertising|signs city cities tubes air glows tube reacts
Sodium|Na|metal|soap|salt oceans soda food sea fizzes water
Magnesium|Mg|metal|flares fireworks planes chlorophyll|leaves wheels alloys water cars sea sun
Aluminium|Al|metal|cans foil planes bauxite bikes bicycles|windows cars wheels engines wires boats kitchen rust crust
Silicon|Si|metalloid|chips computer quartz beaches rubber|glass solar cells phones sand power electricity
Phosphorus|P|non-metal|matches fertilizer phosphate|bones cells lighting teeth rock glows cell
Sulfur|S|non-metal|matches rubber gunpowder volcanoes eggs fertilizer onions|acid bad flame
Chlorine|Cl|gas halogen non-metal|pools bleach swimming|plastic salt water pipes oceans sea sharp kills germs
Argon|Ar|noble gas non-metal|welding|bulbs windows wine lamps air percent reacts
Potassium|K|metal|bananas fertilizer soap nerves potatoes|wood ash potash plants salt lilac flame heart
Calcium|Ca|metal|milk chalk cement limestone shells cheese plaster|bones teeth orange flame
Scandium|Sc|metal|bicycles|stadium bats alloys minerals
Titanium|Ti|metal|planes implants bikes rockets bicycles|paint bones beach watches hips sand steel lighter rusts
Vanadium|V|metal||tools springs engines steel iron salts
Chromium|Cr|metal|rubies bumpers cutlery stainless chromite|plating taps cars steel rust emerald green
Manganese|Mn|metal|batteries magnets|rails floor tools steel sea brittle
Iron|Fe|metal|blood bridges magnets|buildings cars tools rails ships engines nails wheels swords mars rust steel magnetic rusts air
Cobalt|Co|metal|magnets batteries jet|glass engines paint tiles copper nickel magnetic
Nickel|Ni|metal|coins batteries stainless meteorites guitars magnets cutlery|guitar strings steel magnetic rust
Copper|Cu|metal|coins bronze motors|wires pipes water roofs pans kettles statues electricity cables rain
Zinc|Zn|metal|brass batteries sunscreen sphalerite coins|roofs buckets shoes skin paint steel rust heal
Gallium|Ga|metal|semiconductors lasers chips leds|phones solar mirrors aluminium melts hand
Germanium|Ge|metalloid|transistors infrared|lenses cameras cables optical zinc predicted chips fibers
Arsenic|As|metalloid|chips|poison paint wood rat copper melting
Selenium|Se|non-metal|shampoo copiers|nuts glass copy solar copper
Bromine|Br|halogen non-metal|furniture|water medicine film fires salt lakes photographs photography oceans sea brown vapor
Krypton|Kr|noble gas non-metal|lasers runway|flash windows lights lamps signs bulbs air glows tube
Rubidium|Rb|metal|fireworks sensors|atomic clocks purple lithium fire air melts
Strontium|Sr|metal|fireworks flares magnets toothpaste celestine|tv screens glass flame scotland
Yttrium|Y|metal|lasers leds radar|screens sweden earths
Zirconium|Zr|metal|reactors gems knives nuclear ceramic zircon|ceramics acid gem diamond
Niobium|Nb|metal|magnets rockets brazil|scanners steel superconductor sad princess
Molybdenum|Mo|metal|slippery|drills engines grease steel black melts
Technetium|Tc|metal|reactors|hospitals scans medical stars radioactive
Ruthenium|Ru|metal|disks pens|contacts platinum russia
Rhodium|Rh|metal|exhausts jewelry|mirrors exhaust plating platinum rose-colored salts
Palladium|Pd|metal|exhausts crowns jewelry|watches exhaust gold nickel hydrogen asteroid
Silver|Ag|metal|jewelry coins spoons mexico batteries forks crowns|mirrors mines rings photographs photography film electricity black air
Cadmium|Cd|metal|batteries|paint solar cells plating zinc toxic
Indium|In|metal|solder|screens solar cells zinc squeaks indigo
Tin|Sn|metal|cans solder bronze|organ pipes river gravel soup roofs plating rust crackles
Antimony|Sb|metalloid|batteries matches stibnite|makeup curtains fires bullets lead brittle egypt
Tellurium|Te|metalloid|discs rubber chips|solar panels gold breath garlic
Iodine|I|halogen non-metal|seaweed|salt medicine wounds glands brine oceans ocean sea violet vapor thyroid
Xenon|Xe|noble gas non-metal|headlights cinemas lasers projectors|ion engines flash lamps probes air space glows tube
Caesium|Cs|metal|sensors canada|atomic clocks drills explodes water melts
Barium|Ba|metal|fireworks x-rays barite|plugs tiles x-ray glass flame minerals spark
Lanthanum|La|metal lanthanide||lenses hybrid cars film camera tarnishes
Cerium|Ce|metal lanthanide|flints|lenses glass sparks scratched lighters ovens
Praseodymium|Pr|metal lanthanide|goggles magnets welding|glass salts
Neodymium|Nd|metal lanthanide|headphones motors turbines magnets speakers lasers|wind strongest glass purple
Promethium|Pm|metal lanthanide|batteries reactors|gauges radioactive glows
Samarium|Sm|metal lanthanide|guitars magnets headphones|cancer magnetism mine
Europium|Eu|metal lanthanide|banknotes|screens glows europe
Gadolinium|Gd|metal lanthanide|reactors discs|scans magnetic neutrons
Terbium|Tb|metal lanthanide|sonar|screens glows sweden
Dysprosium|Dy|metal lanthanide|motors magnets turbines|wind
Holmium|Ho|metal lanthanide|lasers magnets|surgery stockholm magnetic
Erbium|Er|metal lanthanide|lasers|fiber cables pink glass
Thulium|Tm|metal lanthanide|lasers x-rays|x-ray stable
Ytterbium|Yb|metal lanthanide|lasers|atomic clocks steel sweden
Lutetium|Lu|metal lanthanide|refineries|scanners hardest lanthanide paris
Hafnium|Hf|metal|reactors chips rockets control rods|zirconium neutrons copenhagen
Tantalum|Ta|metal|implants laptops capacitors coltan|phones acid thirsty king
Tungsten|W|metal|wolframite jewelry|bulbs drills darts armor drill tips wires lamps tools rings melting
Rhenium|Re|metal|jet |engines fuel copper river rhine ovens
Osmium|Os|metal|pens fingerprints pen|needles tips platinum densest sharp oxide
Iridium|Ir|metal|pens meteorites|plugs corrodes dinosaurs spark
Platinum|Pt|metal|jewelry exhausts crucibles coins|medicine exhaust river rings watches drugs labs sand rust tarnish
Gold|Au|metal|coins chips crowns jewelry rivers|rings contacts treasure watches teeth medals electronics phones mines rocks rusts
Mercury|Hg|metal|thermometers batteries switches cinnabar barometers|mirrors lamps toxic
Thallium|Tl|metal|detectors infrared|lenses rat poison zinc poisonous
Lead|Pb|metal|batteries galena|shields pipes weights x-ray glass paint bullets roofs toxic brain
Bismuth|Bi|metal||medicine makeup crystals sprinklers stomach paint fire lead stairs toxic
Polonium|Po|metalloid|satellites|brushes static uranium radioactive poland
Astatine|At|halogen non-metal||medicine cancer labs research uranium
Radon|Rn|noble gas non-metal|granite|cellars springs cancer homes houses rocks ground radioactive
Francium|Fr|metal||labs research uranium france
Radium|Ra|metal||watches clinics dials paint uranium glows radioactive
Actinium|Ac|metal actinide||clinics cancer labs uranium glows
Thorium|Th|metal actinide|reactors nuclear mantles|lenses fuel lamps black sand god thor radioactive
Protactinium|Pa|metal actinide||labs research uranium toxic actinium
Uranium|U|metal actinide|reactors submarines nuclear pitchblende bombs|glass paint power radioactive planet
Neptunium|Np|metal actinide|detectors reactors|neutron uranium planet
Plutonium|Pu|metal actinide|bombs reactors nuclear reactor|probes power uranium
Americium|Am|metal actinide|detectors reactors|smoke gauges alarms america
Curium|Cm|metal actinide|rovers reactors|mars probes rocks glows purple marie curie
Berkelium|Bk|metal actinide|reactors|labs research california radioactive
Californium|Cf|metal actinide|detectors reactors|oil wells gold neutrons california
Einsteinium|Es|metal actinide|reactors|labs research albert einstein bomb
Fermium|Fm|metal actinide|reactors|labs research enrico fermi bomb
Mendelevium|Md|metal actinide|accelerators|labs research dmitri mendeleev atom
Nobelium|No|metal actinide|accelerators|labs research alfred nobel
Lawrencium|Lr|metal actinide|accelerators|labs research ernest lawrence actinides
Rutherfordium|Rf|metal|accelerators|labs research ernest rutherford
Dubnium|Db|metal|accelerators|labs research russia
Seaborgium|Sg|metal|accelerators|labs research glenn seaborg
Bohrium|Bh|metal|accelerators|labs research niels bohr
Hassium|Hs|metal|accelerators|labs research german
Meitnerium|Mt|metal|accelerators|labs research lise meitner
Darmstadtium|Ds|metal|accelerators|labs research german
Roentgenium|Rg|metal|accelerators|labs research wilhelm roentgen
Copernicium|Cn|metal|accelerators|labs research nicolaus copernicus
Nihonium|Nh|metal|accelerators|labs research japan
Flerovium|Fl|metal|accelerators|labs research lab russia
Moscovium|Mc|metal|accelerators|labs research moscow
Livermorium|Lv|metal|accelerators|labs research lab california
Tennessine|Ts|halogen non-metal|accelerators|labs research tennessee
Oganesson|Og|noble gas non-metal|accelerators|labs research yuri oganessian
`

/** Spellings of the same name. */
const SPELLINGS: Record<string, string> = { aluminum: 'aluminium', cesium: 'caesium', sulphur: 'sulfur' }

export interface ElementFacts {
  /** Lower case. */
  name: string
  /** As written: "Sr". */
  symbol: string
  kinds: ReadonlySet<string>
  uses: ReadonlySet<string>
  facts: ReadonlySet<string>
}

/** A word without its plural, possessive or case: "firework" and "Fireworks" are one, "can" and "cans" are not. */
export const stem = (word: string): string => {
  const bare = word.toLowerCase().replace(/'s$/, '')
  return bare.length > 4 && /[^s]s$/.test(bare) ? bare.slice(0, -1) : bare
}

const stems = (words: string): Set<string> => new Set(words.split(' ').filter(Boolean).map(stem))

const ELEMENTS: ReadonlyMap<string, ElementFacts> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [title = '', symbol = '', kinds = '', uses = '', facts = ''] = line.split('|')
      const name = title.toLowerCase()
      return [name, { name, symbol, kinds: stems(kinds), uses: stems(uses), facts: stems(facts) }]
    }),
)

/** Every use of any element, every kind, and where each is known from. */
export const USES: ReadonlySet<string> = new Set([...ELEMENTS.values()].flatMap(({ uses }) => [...uses]))
export const KINDS: ReadonlySet<string> = new Set([...ELEMENTS.values()].flatMap(({ kinds }) => [...kinds]))

/** @param word in any case; undefined for a word that names no element */
export function elementNamed(word: string): ElementFacts | undefined {
  const name = word.toLowerCase().replace(/'s$/, '')
  return ELEMENTS.get(SPELLINGS[name] ?? name)
}
