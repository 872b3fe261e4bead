// The page's own words. Labels and sentences about a customer come from the API, in the language that the browser asks for.
const words = {
  en: {
    page: 'Customer value', customer: 'Customer', portfolio: 'Portfolio', number: 'Customer number', find: 'Find',
    hint: 'Enter a customer number to see who is calling.', loading: 'Looking up …', unknown: 'No customer with this number',
    nothing: 'Nothing has been published yet', unusable: 'This cannot be a customer number', failed: 'The lookup failed',
    down: 'Storage does not answer. Try again in a few seconds.', unreachable: 'The service cannot be reached. Try again in a few seconds.',
    key: 'Key for the API',
    since: day => `since ${day}`, alive: 'likely still a customer', segment: 'Segment',
    nextStep: 'Next step', why: 'Why', until: day => `until ${day}`, noStep: 'Nothing to do at present',
    lifetime: 'Lifetime value', historic: 'So far', future: 'Expected', plain: 'Plain formula',
    lessCosts: (contribution, costs) => `${contribution} less costs of ${costs}`, asOf: day => `until ${day}, not discounted`,
    ahead: weeks => `in ${weeks} weeks`, discount: rate => `discounted at ${rate} a year`, notDiscounted: 'not discounted',
    fourOfFive: (low, high) => `4 in 5 cases: ${low} to ${high}`, hardlyAny: 'most likely no purchase',
    formula: (years, revenue, margin, costs) => `${years} years ×\u00a0${revenue} a year${margin && ` ×\u00a0${margin}`} −\u00a0${costs}`,
    change: 'since last night', unchanged: 'unchanged since last night', happened: 'events', behaved: 'behaviour', models: 'models',
    expectedValue: 'Expected value', ifWon: 'If won', conversion: 'Chance of winning', alike: 'Customers like this one',
    convert: 'of such contacts become customers', lifetimeOf: 'over a lifetime, without acquisition cost',
    own: share => `${share} of the estimate comes from them, the rest from all customers`, nobodyAlike: 'There are no customers yet to compare with.',
    contracts: 'Contracts', product: 'Product', renewal: 'Renewal', chance: 'Chance', worth: 'Worth', cancelled: 'cancelled',
    renewals: count => count === 1 ? 'renewed once' : `renewed ${count} times`, firstTerm: 'first term', ends: day => `ends ${day}`,
    inHorizon: amount => `${amount} expected`, more: count => `Show ${count} more`, shown: (some, all) => `The first ${some} of ${all}`,
    purchases: 'Purchases', expected: weeks => `Expected in ${weeks} weeks`, spend: 'Revenue per purchase', noPurchase: 'Chance of no purchase',
    soFar: 'So far', last: 'Last purchase', numberSince: (count, day) => `${count} since ${day}`, kept: 'Kept after returns', margin: 'Margin',
    costs: 'Costs so far', acquisition: 'Acquisition', campaigns: 'Campaigns and visits', service: 'Service', returns: 'Returns',
    latePayment: 'Late payment', total: 'Total',
    behaviour: 'Behaviour', effect: change => `expected purchases ${change}`, by: 'by',
    measures: {
      nps: 'recommendation', paymentDelay: 'payment', serviceCalls: 'service calls', complaints: 'complaints', campaignOpens: 'messages opened',
      campaignClicks: 'links followed', social: 'social mentions', visits: 'visits',
    },
    run: (day, run, age) => `As of ${day} · run ${run}, published ${age}`, keptModel: run => `estimated in run ${run}`,
    stale: (age, day) => `These scores are old: published ${age}. What happened after ${day} is not in them.`,
  },
  de: {
    page: 'Kundenwert', customer: 'Kunde', portfolio: 'Portfolio', number: 'Kundennummer', find: 'Suchen',
    hint: 'Kundennummer eingeben, um zu sehen, wer anruft.', loading: 'Suche …', unknown: 'Kein Kunde mit dieser Nummer',
    nothing: 'Es wurde noch nichts veröffentlicht', unusable: 'Das kann keine Kundennummer sein', failed: 'Die Abfrage ist fehlgeschlagen',
    down: 'Der Speicher antwortet nicht. Bitte in ein paar Sekunden noch einmal versuchen.',
    unreachable: 'Der Dienst ist nicht erreichbar. Bitte in ein paar Sekunden noch einmal versuchen.', key: 'Schlüssel für die API',
    since: day => `seit ${day}`, alive: 'wahrscheinlich noch Kunde', segment: 'Segment',
    nextStep: 'Nächster Schritt', why: 'Warum', until: day => `bis ${day}`, noStep: 'Zurzeit nichts zu tun',
    lifetime: 'Kundenwert', historic: 'Bisher', future: 'Erwartet', plain: 'Einfache Formel',
    lessCosts: (contribution, costs) => `${contribution} abzüglich ${costs} Kosten`, asOf: day => `bis ${day}, nicht abgezinst`,
    ahead: weeks => `in ${weeks} Wochen`, discount: rate => `abgezinst mit ${rate} p.\u00a0a.`, notDiscounted: 'nicht abgezinst',
    fourOfFive: (low, high) => `in 4 von 5 Fällen ${low} bis ${high}`, hardlyAny: 'wahrscheinlich kein Kauf',
    formula: (years, revenue, margin, costs) => `${years} Jahre ×\u00a0${revenue} im Jahr${margin && ` ×\u00a0${margin}`} −\u00a0${costs}`,
    change: 'seit letzter Nacht', unchanged: 'unverändert seit letzter Nacht', happened: 'Ereignisse', behaved: 'Verhalten', models: 'Modelle',
    expectedValue: 'Erwarteter Wert', ifWon: 'Wenn gewonnen', conversion: 'Chance, zu gewinnen', alike: 'Ähnliche Kunden',
    convert: 'solcher Kontakte werden Kunden', lifetimeOf: 'über die ganze Beziehung, ohne Akquisekosten',
    own: share => `${share} der Schätzung kommen von ihnen, der Rest von allen Kunden`, nobodyAlike: 'Es gibt noch keine Kunden zum Vergleichen.',
    contracts: 'Verträge', product: 'Produkt', renewal: 'Verlängerung', chance: 'Chance', worth: 'Wert', cancelled: 'gekündigt',
    renewals: count => `${count}-mal verlängert`, firstTerm: 'erste Laufzeit', ends: day => `endet ${day}`,
    inHorizon: amount => `${amount} erwartet`, more: count => `${count} weitere zeigen`, shown: (some, all) => `Die ersten ${some} von ${all}`,
    purchases: 'Käufe', expected: weeks => `Erwartet in ${weeks} Wochen`, spend: 'Umsatz je Kauf', noPurchase: 'Chance auf keinen Kauf',
    soFar: 'Bisher', last: 'Letzter Kauf', numberSince: (count, day) => `${count} seit ${day}`, kept: 'Bleibt nach Retouren', margin: 'Marge',
    costs: 'Kosten bisher', acquisition: 'Akquise', campaigns: 'Kampagnen und Besuche', service: 'Service', returns: 'Retouren',
    latePayment: 'Späte Zahlung', total: 'Summe',
    behaviour: 'Verhalten', effect: change => `erwartete Käufe ${change}`, by: 'durch',
    measures: {
      nps: 'Weiterempfehlung', paymentDelay: 'Zahlungsverhalten', serviceCalls: 'Serviceanrufe', complaints: 'Beschwerden',
      campaignOpens: 'geöffnete Nachrichten', campaignClicks: 'angeklickte Links', social: 'soziale Medien', visits: 'Besuche',
    },
    run: (day, run, age) => `Stand ${day} · Lauf ${run}, veröffentlicht ${age}`, keptModel: run => `geschätzt in Lauf ${run}`,
    stale: (age, day) => `Diese Werte sind alt: veröffentlicht ${age}. Was nach dem ${day} geschah, ist nicht enthalten.`,
  },
};

/** The language tag that the browser asks for first of those that there are, such as de-AT: the API decides by the same list. */
export const locale = navigator.languages.find(tag => /^(de|en)\b/i.test(tag)) ?? 'en';

/** The language of the page, en or de. */
export const language = locale.slice(0, 2).toLowerCase();

/** The words in that language. */
export const text = words[language];

/** Gives every element with data-text its words. */
export function translate() {
  document.documentElement.lang = language;
  document.title = text.page;
  for (const labelled of document.querySelectorAll('[data-text]')) {
    labelled.textContent = text[labelled.dataset.text];
  }
}
