// The pages' own words. Labels and sentences about a customer come from the API, in the language that the browser asks for.
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
    own: share => `${share} of the estimate comes from them, the rest from all customers`,
    nobodyAlike: 'There are no customers yet to compare with.',
    contracts: 'Contracts', product: 'Product', renewal: 'Renewal', chance: 'Chance', worth: 'Worth', cancelled: 'cancelled',
    renewals: count => count === 1 ? 'renewed once' : `renewed ${count} times`, firstTerm: 'first term', ends: day => `ends ${day}`,
    inHorizon: amount => `${amount} expected`, more: count => `Show ${count} more`, shown: (some, all) => `The first ${some} of ${all}`,
    purchases: 'Purchases', expected: weeks => `Expected in ${weeks} weeks`, spend: 'Revenue per purchase',
    noPurchase: 'No further purchase',
    soFar: 'So far', last: 'Last purchase', numberSince: (count, day) => `${count} since ${day}`, kept: 'Kept after returns',
    margin: 'Margin',
    costs: 'Costs so far', acquisition: 'Acquisition', campaigns: 'Campaigns and visits', service: 'Service', returns: 'Returns',
    latePayment: 'Late payment', total: 'Total',
    behaviour: 'Behaviour', effect: change => `expected purchases ${change}`, by: 'effect of',
    measures: {
      nps: 'recommendation', paymentDelay: 'payment', serviceCalls: 'service calls', complaints: 'complaints',
      campaignOpens: 'messages opened',
      campaignClicks: 'links followed', social: 'social mentions', visits: 'visits',
    },
    run: (day, run, age) => `As of ${day} · run ${run}, published ${age}`, keptModel: run => `estimated in run ${run}`,
    stale: (age, day) => `These scores are old: published ${age}. What happened after ${day} is not in them.`,
    quarter: (year, quarter) => `Q${quarter} ${year}`, others: 'all others', all: 'All',
    base: 'Base value', baseMeaning: (weeks, discount) => `what customers are still expected to bring in ${weeks} weeks, ${discount}`,
    withSoFar: day => `so far until ${day} and expected`, fromProspects: 'Expected of prospects',
    notInBase: prospects => `${prospects}, not part of the base value`, customers: 'Customers',
    countOf: count => count === 1 ? '1 customer' : `${count.toLocaleString(locale)} customers`,
    prospectsOf: count => count === 1 ? '1 prospect' : `${count.toLocaleString(locale)} prospects`,
    newOf: count => `${count} new since last night`,
    portfolioPage: 'Value of all customers', loadingAll: 'Loading …',
    each: amount => `${amount} each`, peopleOf: count => count === 1 ? '1 person' : `${count.toLocaleString(locale)} people`,
    made: 'What values are made of', futurePurchases: 'Purchases', futureContracts: 'Renewals', futureServing: 'Cost to serve',
    contribution: 'Contribution', onRevenue: 'Contribution and revenue',
    movement: 'Since last night', noMovement: 'There is no earlier night to compare with.', which: 'Value',
    steps: {
      opening: 'Last night', new: 'New customers', lost: 'Lost', grown: 'Grown', shrunk: 'Shrunk', historic: 'Came in and spent',
      model: 'Models adjusted', closing: 'Tonight',
    },
    turned: count => `${count} lost or cancelled`, gone: count => `${count} no longer in the data`,
    cut: amount => `Bars begin at ${amount}, not at zero.`,
    step: 'Step', amount: 'Amount', groups: 'Where the base value lies',
    kinds: { phases: 'Phase', tiers: 'Value tier', segments: 'Segment', channels: 'Channel', cohorts: 'Cohort' },
    nameless: {
      phases: '', tiers: 'without a tier', segments: 'without a segment', channels: 'channel not known', cohorts: 'start not known',
    },
    phases: {
      prospect: 'Prospect', new: 'New customer', growing: 'Buying more than before', steady: 'Regular customer',
      atRisk: 'At risk of leaving',
      lapsed: 'Probably gone', leaving: 'Has cancelled', lost: 'Lost', unprofitable: 'Does not cover costs',
    },
    tiers: { top: 'Top customer', middle: 'Medium value', base: 'Low value' },
    actions: {
      win: 'Win as a customer', welcome: 'Welcome', followUp: 'Ask how it went', upsell: 'Offer more or better',
      crossSell: 'Offer something that goes with it',
      renew: 'Talk about the renewal', reward: 'Say thank you', rescue: 'Look after this customer now', winBack: 'Win back',
      serveAtLowerCost: 'Point to simpler ways', partWell: 'Stay friendly, offer nothing',
    },
    economics: 'What acquisition costs and brings', channelAndCohort: 'Channel and cohort', costEach: 'Cost each', valueEach: 'Worth each',
    ratio: 'Worth per cost', payback: 'Paid back', mayPay: 'May cost at most',
    inUnits: { week: count => `in ${count} weeks`, month: count => `in ${count} months`, year: count => `in ${count} years` },
    firstMonth: 'in the first month',
    neverPaid: 'not within the horizon', atOnce: 'at once', costKnown: count => `cost known of ${count}`,
    underWater: 'under water', underWaterChannels: channels => `Customers from these channels cost more than they are worth: ${channels}.`,
    nobodyUnderWater: 'No channel wins customers at more than they are worth.',
    economicsMeaning:
      'Worth is the lifetime value before acquisition cost, an average over customers already won: the next one may differ. Right of ' +
      'the line customers are worth more than they cost, left of it less; the bars’ lengths are logarithmic.',
    budget: 'Where the next euro does most', action: 'Next step', stake: 'At stake', costAssumed: 'Cost, assumed',
    gainAssumed: 'Gain, assumed', perEuro: 'Gain per cost', breakEven: 'Pays from a share of',
    notBreaking: 'cannot pay', notPaying: 'costs more than it gains', noAssumption: 'no assumption',
    budgetMeaning:
      'Cost and gain are the firm’s own assumptions, not estimates. A step pays from the share of what is at stake that it must win.',
    noBudget: 'There is nothing to do for anybody at present.',
    scenario: 'What if',
    scenarioMeaning:
      'Each lever is changed by so many per cent of what it is today. Ranges are of chance among customers; they do not say whether ' +
      'a lever can be moved, nor how customers react.',
    forWhom: 'For', everySegment: 'all segments', reset: 'Reset',
    levers: {
      retention: ['Retention', 'share of customers who stay a year'], conversion: ['Prospects won', 'share who become customers'],
      price: ['Prices', 'volumes and unit costs stay'],
      upsell: ['Spend per purchase', 'at the same margin'], margin: ['Margin', 'share of revenue that remains'],
      serviceCost: ['Cost to serve', 'expected contacts'],
    },
    inPercent: lever => `${lever} in per cent`, before: 'Today', after: 'Then', difference: 'Difference', range: 'In 4 of 5 cases',
    fromTo: (low, high) => `${low} to ${high}`, whatFor: 'Expected of customers',
    prospectsToo: (before, after, difference) => `Prospects, over a lifetime: ${before} before, ${after} after (${difference})`, bySegment: 'By segment',
    calculating: 'Calculating …',
    newer: 'Another night has been published since. Load the page again to see it all.',
    notes: 'What is not known', noteTexts: {
      marginsUnknown: 'Margins of some customers are not known: their amounts are revenue, and too high beside the others.',
      noLastNight: 'There is no earlier night, so no movement is shown.',
      acquisitionCostsUnknown: 'Nobody’s acquisition cost is known: costs, ratios and paybacks are left out.',
      acquisitionCostsPartlyUnknown:
        'The acquisition cost of some customers is not known: costs, ratios and paybacks are those of the others.',
      noActionAssumptions: 'The profile assumes nothing of what steps cost and do: the budget shows what is at stake only.',
      intervalsMissing: 'The expected value of some customers has no range: their chance is missing in the ranges of scenarios.',
      prospectsUnknown: 'Prospects cannot be valued: there are no customers to compare them with.',
      groupsPutTogether: 'There are more groups than are kept apart: those beyond are one row, “all others”.',
    },
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
    change: 'seit letzter Nacht', unchanged: 'unverändert seit letzter Nacht', happened: 'Ereignisse', behaved: 'Verhalten',
    models: 'Modelle',
    expectedValue: 'Erwarteter Wert', ifWon: 'Wenn gewonnen', conversion: 'Gewinnchance', alike: 'Ähnliche Kunden',
    convert: 'solcher Kontakte werden Kunden', lifetimeOf: 'über die ganze Beziehung, ohne Akquisekosten',
    own: share => `${share} der Schätzung kommen von ihnen, der Rest von allen Kunden`,
    nobodyAlike: 'Es gibt noch keine Kunden zum Vergleichen.',
    contracts: 'Verträge', product: 'Produkt', renewal: 'Verlängerung', chance: 'Chance', worth: 'Wert', cancelled: 'gekündigt',
    renewals: count => `${count}-mal verlängert`, firstTerm: 'erste Laufzeit', ends: day => `endet ${day}`,
    inHorizon: amount => `${amount} erwartet`, more: count => `${count} weitere zeigen`,
    shown: (some, all) => `Die ersten ${some} von ${all}`,
    purchases: 'Käufe', expected: weeks => `Erwartet in ${weeks} Wochen`, spend: 'Umsatz je Kauf', noPurchase: 'Kein weiterer Kauf',
    soFar: 'Bisher', last: 'Letzter Kauf', numberSince: (count, day) => `${count} seit ${day}`, kept: 'Bleibt nach Retouren',
    margin: 'Marge',
    costs: 'Kosten bisher', acquisition: 'Akquise', campaigns: 'Kampagnen und Besuche', service: 'Service', returns: 'Retouren',
    latePayment: 'Späte Zahlung', total: 'Summe',
    behaviour: 'Verhalten', effect: change => `erwartete Käufe ${change}`, by: 'Wirkung von',
    measures: {
      nps: 'Weiterempfehlung', paymentDelay: 'Zahlungsverhalten', serviceCalls: 'Serviceanrufe', complaints: 'Beschwerden',
      campaignOpens: 'geöffnete Nachrichten', campaignClicks: 'angeklickte Links', social: 'soziale Medien', visits: 'Besuche',
    },
    run: (day, run, age) => `Stand ${day} · Lauf ${run}, veröffentlicht ${age}`, keptModel: run => `geschätzt in Lauf ${run}`,
    stale: (age, day) => `Diese Werte sind alt: veröffentlicht ${age}. Was nach dem ${day} geschah, ist nicht enthalten.`,
    quarter: (year, quarter) => `${quarter}. Quartal ${year}`, others: 'alle übrigen', all: 'Alle',
    base: 'Bestandswert', baseMeaning: (weeks, discount) => `was Kunden in ${weeks} Wochen noch bringen dürften, ${discount}`,
    withSoFar: day => `bisher bis ${day} und erwartet`, fromProspects: 'Erwartet von Interessenten',
    notInBase: prospects => `${prospects}, nicht im Bestandswert enthalten`, customers: 'Kunden',
    countOf: count => count === 1 ? '1 Kunde' : `${count.toLocaleString(locale)} Kunden`,
    prospectsOf: count => count === 1 ? '1 Interessent' : `${count.toLocaleString(locale)} Interessenten`,
    newOf: count => `${count} neu seit letzter Nacht`,
    portfolioPage: 'Wert aller Kunden', loadingAll: 'Lade …',
    each: amount => `je ${amount}`, peopleOf: count => count === 1 ? '1 Person' : `${count.toLocaleString(locale)} Personen`,
    made: 'Woraus die Werte bestehen', futurePurchases: 'Käufe', futureContracts: 'Vertragsverlängerungen',
    futureServing: 'Betreuungskosten',
    contribution: 'Deckungsbeitrag', onRevenue: 'Deckungsbeitrag und Umsatz',
    movement: 'Seit letzter Nacht', noMovement: 'Es gibt keine frühere Nacht zum Vergleichen.', which: 'Wert',
    steps: {
      opening: 'Letzte Nacht', new: 'Neue Kunden', lost: 'Verloren', grown: 'Gewachsen', shrunk: 'Geschrumpft',
      historic: 'Eingenommen und ausgegeben', model: 'Modelle angepasst', closing: 'Heute Nacht',
    },
    turned: count => `${count} verloren oder gekündigt`, gone: count => `${count} nicht mehr in den Daten`,
    cut: amount => `Die Balken beginnen bei ${amount}, nicht bei null.`,
    step: 'Schritt', amount: 'Betrag', groups: 'Wo der Bestandswert liegt',
    kinds: { phases: 'Phase', tiers: 'Wertstufe', segments: 'Segment', channels: 'Kanal', cohorts: 'Kohorte' },
    nameless: {
      phases: '', tiers: 'ohne Wertstufe', segments: 'ohne Segment', channels: 'Kanal unbekannt', cohorts: 'Beginn unbekannt',
    },
    phases: {
      prospect: 'Interessent', new: 'Neukunde', growing: 'Kauft mehr als früher', steady: 'Stammkunde', atRisk: 'Abwanderungsgefährdet',
      lapsed: 'Wahrscheinlich abgewandert', leaving: 'Hat gekündigt', lost: 'Verloren', unprofitable: 'Nicht kostendeckend',
    },
    tiers: { top: 'Spitzenkunde', middle: 'Mittlerer Kundenwert', base: 'Geringer Kundenwert' },
    actions: {
      win: 'Als Kunden gewinnen', welcome: 'Willkommen heißen', followUp: 'Nachfragen', upsell: 'Mehr oder Besseres anbieten',
      crossSell: 'Passendes dazu anbieten',
      renew: 'Vertragsverlängerung ansprechen', reward: 'Danke sagen', rescue: 'Jetzt um den Kunden kümmern', winBack: 'Zurückgewinnen',
      serveAtLowerCost: 'Auf einfachere Wege hinweisen', partWell: 'Freundlich bleiben, nichts anbieten',
    },
    economics: 'Was Akquise kostet und bringt', channelAndCohort: 'Kanal und Kohorte', costEach: 'Kosten je Kunde',
    valueEach: 'Wert je Kunde', ratio: 'Wert je Kosten', payback: 'Bezahlt gemacht', mayPay: 'Darf höchstens kosten',
    inUnits: { week: count => `in ${count} Wochen`, month: count => `in ${count} Monaten`, year: count => `in ${count} Jahren` },
    firstMonth: 'im ersten Monat',
    neverPaid: 'nicht im Zeitraum', atOnce: 'sofort', costKnown: count => `Kosten bekannt von ${count}`,
    underWater: 'Verlust', underWaterChannels: channels => `Kunden aus diesen Kanälen kosten mehr, als sie wert sind: ${channels}.`,
    nobodyUnderWater: 'Kein Kanal gewinnt Kunden, die mehr kosten, als sie wert sind.',
    economicsMeaning:
      'Wert ist der Kundenwert vor Akquisekosten, im Durchschnitt der bereits gewonnenen Kunden: der nächste kann anders sein. ' +
      'Rechts der Linie sind Kunden mehr wert, als sie kosten, links weniger; die Längen der Balken sind logarithmisch.',
    budget: 'Wo der nächste Euro am meisten bewirkt', action: 'Nächster Schritt', stake: 'Auf dem Spiel', costAssumed: 'Kosten, angenommen',
    gainAssumed: 'Gewinn, angenommen', perEuro: 'Gewinn je Kosten', breakEven: 'Lohnt sich ab Anteil',
    notBreaking: 'kann sich nicht lohnen', notPaying: 'kostet mehr, als es bringt', noAssumption: 'keine Annahme',
    budgetMeaning:
      'Kosten und Gewinn sind Annahmen der Firma, keine Schätzungen. Ein Schritt lohnt sich ab dem Anteil dessen, was auf dem Spiel ' +
      'steht, den er gewinnen muss.',
    noBudget: 'Zurzeit ist für niemanden etwas zu tun.',
    scenario: 'Was wäre, wenn',
    scenarioMeaning:
      'Jeder Hebel wird um so viel Prozent dessen geändert, was er heute ist. Die Bereiche sind die des Zufalls unter den Kunden; ' +
      'sie sagen weder, ob sich ein Hebel bewegen lässt, noch, wie Kunden reagieren.',
    forWhom: 'Für', everySegment: 'alle Segmente', reset: 'Zurücksetzen',
    levers: {
      retention: ['Kundenbindung', 'Anteil der Kunden, die ein Jahr bleiben'],
      conversion: ['Gewonnene Interessenten', 'Anteil, der Kunde wird'], price: ['Preise', 'Mengen und Stückkosten bleiben'],
      upsell: ['Umsatz je Kauf', 'bei gleicher Marge'], margin: ['Marge', 'Anteil am Umsatz, der bleibt'],
      serviceCost: ['Betreuungskosten', 'erwartete Kontakte'],
    },
    inPercent: lever => `${lever} in Prozent`, before: 'Heute', after: 'Dann', difference: 'Unterschied', range: 'In 4 von 5 Fällen',
    fromTo: (low, high) => `${low} bis ${high}`, whatFor: 'Erwartet von Kunden',
    prospectsToo: (before, after, difference) => `Interessenten, über ihre ganze Kundenzeit: ${before} vorher, ${after} nachher (${difference})`, bySegment: 'Nach Segment',
    calculating: 'Rechne …',
    newer: 'Inzwischen wurde eine weitere Nacht veröffentlicht. Seite neu laden, um alles zu sehen.',
    notes: 'Was nicht bekannt ist', noteTexts: {
      marginsUnknown: 'Die Margen einiger Kunden sind nicht bekannt: Ihre Beträge sind Umsatz und neben den anderen zu hoch.',
      noLastNight: 'Es gibt keine frühere Nacht, also keine Bewegung.',
      acquisitionCostsUnknown: 'Von niemandem sind die Akquisekosten bekannt: Kosten, Verhältnisse und Rückflüsse fehlen.',
      acquisitionCostsPartlyUnknown:
        'Von einigen Kunden sind die Akquisekosten nicht bekannt: Kosten, Verhältnisse und Rückflüsse sind die der anderen.',
      noActionAssumptions: 'Das Profil nimmt nicht an, was Schritte kosten und bewirken: Es steht nur da, was auf dem Spiel steht.',
      intervalsMissing: 'Der erwartete Wert einiger Kunden hat keinen Bereich: Ihr Zufall fehlt in den Bereichen der Szenarien.',
      prospectsUnknown: 'Interessenten lassen sich nicht bewerten: Es gibt keine Kunden zum Vergleichen.',
      groupsPutTogether: 'Es gibt mehr Gruppen, als auseinandergehalten werden: Die weiteren sind eine Zeile, „alle übrigen“.',
    },
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
  for (const labelled of document.querySelectorAll('[data-text]')) {
    labelled.textContent = text[labelled.dataset.text];
  }
}
